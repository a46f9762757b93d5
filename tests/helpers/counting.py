"Work, counted in calls, which are the same on a busy machine"
import sys

def calls(f, *args):
    "How many calls, of Python and of C, `f(*args)` makes"
    n = 0
    def count(frame, event, arg):
        nonlocal n
        n += event in ('call', 'c_call')
    old = sys.getprofile()
    sys.setprofile(count)
    try: f(*args)
    finally: sys.setprofile(old)
    return n
