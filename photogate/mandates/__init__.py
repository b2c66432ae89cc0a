"""What a model may decide alone under a policy: the bound in force, what people's verdicts say of it, and fall back."""
