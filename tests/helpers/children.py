"Child processes that a test kills, takes the disk from, or makes a stranger"
import os

def unmeasured():
    "The environment for them: coverage would leave half a file that no step can read"
    return {k:v for k,v in os.environ.items() if not k.startswith('COVERAGE')}
