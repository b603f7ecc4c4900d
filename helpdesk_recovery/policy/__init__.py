"""What is fair here: policy packs in TOML, checked when loaded, and a pure decision with full reasons."""
