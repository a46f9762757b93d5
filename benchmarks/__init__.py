"Every budget the project has set itself, measured: `python -m benchmarks`"
