"""Scripts that measure and report; none of them judges, and no figure of theirs fails a test.

python -m tests.benchmarks.scanning      speed of `find` beside what it is measured against
python -m tests.benchmarks.starting      time of `import trialink` and of the first `find`
python -m tests.benchmarks.hostile       hostile texts of 10^4 to 10^6 (or more) characters
python -m tests.benchmarks.frames        what data frames add to a loop of `find`
python -m tests.benchmarks.resolving     requests, bytes and time of 1,000 known identifiers
"""
