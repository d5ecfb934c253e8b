"""The command line: one module per subcommand, each with `arguments(parser)` and `run(options)`.

To add one: write `cli/<name>.py`, add it to `COMMANDS` in `cli/main.py`.
"""
