"""What models said of photos beside those that decided: heard in their place when the past is decided again."""

from collections.abc import Mapping, Sequence

_HEARD = """
    JOIN LATERAL (
        SELECT CAST('{{}}' AS jsonb) AS scores WHERE decided.models ? :{model} OR decided.models = '{{}}'
        UNION ALL
        SELECT CASE promotions.model WHEN :{model} THEN jsonb_build_object(
            'p_real', beside.scores->'p_real', 'strangeness', beside.scores->'strangeness', 'models', beside.models
        ) ELSE jsonb_build_object('p_ai_generated', beside.scores->'p_ai_generated') END
        FROM promotions JOIN shadow_judgements AS beside ON beside.promotion_id = promotions.id
        WHERE :{model} IN (promotions.model, promotions.camera) AND beside.decision_id = decided.id
            AND beside.models ? :{model} AND beside.scores IS NOT NULL
        LIMIT 1
    ) AS {model} ON true
"""
"""What one model said, where it decided or judged beside; what no model scored needs no word of it."""


def heard(models: Sequence[str]) -> Mapping[str, str]:
    """The parts of the statement of cases that put what these models said in the place of what was heard then."""
    names = list(named(models))
    return {
        "heard": "".join(_HEARD.format(model=name) for name in names),
        "measured": f"({' || '.join(['measurements', *(f'{name}.scores' for name in names)])})",
    }


def named(models: Sequence[str]) -> Mapping[str, str]:
    """The models, each under the name by which the statement asks for it."""
    return {f"model_{number}": model for number, model in enumerate(models)}
