"""Every sentence exists in every language, with the same figures in it, and nothing else does."""

import re
import string

import pytest

from photogate.messages.catalogues import CatalogueError, catalogue, compiled, entries, written
from photogate.messages.languages import ENGLISH, LANGUAGES
from photogate.messages.words import WORDS, Counted, msgids
from photogate.screening.reasons import NEVER_TOLD, ReasonCode

TRANSLATED = [language for language in LANGUAGES.values() if language != ENGLISH]
SENTENCES = list(dict.fromkeys(msgids()))
FORMS = {"fr": 2, "ar": 6}
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def key(sentence):
    return f"{sentence.one}\0{sentence.many}" if isinstance(sentence, Counted) else sentence


def placeholders(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_reason_that_may_be_told_has_words_of_its_own():
    assert WORDS.keys() == set(ReasonCode) - NEVER_TOLD


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.tag)
def test_a_catalogue_has_every_sentence_and_no_other(language):
    assert entries(written(language)).keys() - {""} == {key(sentence) for sentence in SENTENCES}


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.tag)
@pytest.mark.parametrize("sentence", SENTENCES, ids=key)
def test_a_translation_says_something_else_with_the_same_figures(language, sentence):
    forms = entries(written(language))[key(sentence)].split("\0")
    wanted = placeholders(sentence.many if isinstance(sentence, Counted) else sentence)
    assert len(forms) == (FORMS[language.tag] if isinstance(sentence, Counted) else 1)
    assert placeholders(forms[-1]) == wanted
    assert all(form not in key(sentence).split("\0") and placeholders(form) <= wanted for form in forms)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.tag)
def test_every_count_can_be_said(language):
    counted = [sentence for sentence in SENTENCES if isinstance(sentence, Counted)]
    for count in [*range(130), 1000]:
        for sentence in counted:
            said = catalogue(language).ngettext(sentence.one, sentence.many, count)
            assert not re.search(r"[{}]", said.format(value=count, limit=count))


def test_arabic_counts_as_arabic_does():
    sentence = next(one for one in SENTENCES if isinstance(one, Counted) and "faces" in one.many)
    said = [catalogue(LANGUAGES["ar"]).ngettext(sentence.one, sentence.many, count) for count in (1, 2, 3, 11, 100)]
    assert len(set(said)) == 5
    assert ["{value}" in words for words in said] == [False, False, True, True, True]


def test_what_is_not_finished_is_not_translated():
    po = HEADER + '#, fuzzy\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr ""'
    assert list(entries(po)) == [""]
    assert compiled(entries(po)).gettext("a") == "a"


def test_long_sentences_may_stand_on_several_lines():
    po = HEADER + '# why\nmsgid ""\n"one "\n"two"\nmsgstr ""\n"un "\n"deux"'
    assert compiled(entries(po)).gettext("one two") == "un deux"


@pytest.mark.parametrize("broken", ['msgid a\nmsgstr "b"', 'msgstr "b"', 'msgid "a\nmsgstr "b"'])
def test_a_broken_file_is_refused_with_the_place(broken):
    with pytest.raises(CatalogueError, match="Entry 1"):
        entries(broken)
