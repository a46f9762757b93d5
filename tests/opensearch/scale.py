"""How much is tried, and with which numbers from a hat: a tenth of it with every push, all of it by `make hub-long`.

HUB_SCALE=10 tries ten times as much; HUB_SEED=7 other cases. What fails says its seed."""
import os, random

SCALE = int(os.environ.get('HUB_SCALE') or 1)
SEED  = int(os.environ.get('HUB_SEED') or 0)

def draw(what):
    "A hat of numbers for the test called `what`"
    print(f'HUB_SCALE={SCALE} HUB_SEED={SEED}') # pytest shows it with a failure
    return random.Random(f'{what} {SEED}')
