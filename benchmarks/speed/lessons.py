"What the lessons' models reach: each result beside its baseline, over several seeds, processors and numbers of threads"
import json, os, statistics, subprocess, sys, time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
SAVED = ROOT/'benchmarks'/'data'/'lessons.json'
SEEDS = '0', '1', '2', '3', '4' # what is added to the seeds in the notebook; 0 is what its page shows
ONE = {'OMP_NUM_THREADS':'1', 'MKL_NUM_THREADS':'1'}
MACHINES = {'default':{**ONE, 'ATEN_CPU_CAPABILITY':'default'}, 'avx2':{**ONE, 'ATEN_CPU_CAPABILITY':'avx2'},
            'two threads':{'OMP_NUM_THREADS':'2', 'MKL_NUM_THREADS':'2', 'OMP_WAIT_POLICY':'PASSIVE'}} # the page's seeds, elsewhere
WAYS = {**dict.fromkeys(SEEDS, ONE), **MACHINES} # name -> what the environment says

class Task(NamedTuple):
    "Where a lesson's notebook can say how good its model is, and beside what"
    lesson:str       # stem of the notebook
    what:str         # task and measure, for a person
    cell:str         # id of the cell after which both are known
    result:str       # an expression
    baseline:str     # likewise
    against:str      # what the baseline is, for a person
    higher:bool=True # is more better?

TASKS = [
    Task('0001_is_it_a_bird', 'cat or dog, 50 photos it never saw: accuracy', 'a1c70f31',
         'np.mean(right)', "max(np.mean([kind(o) == k for o in fifty]) for k in ('cat', 'dog'))", 'one answer for all'),
    Task('0002_saving_and_serving_a_model', 'cat or dog, 56 photos it never saw: error rate', '4714dc1a',
         'wrong', 'dogs_only', 'always "dog"', False),
    Task('0008_first_steps_of_a_competition', 'twelve breeds of cats, 24 test photos: accuracy', 'c5f25c31',
         'judge(subm)', 'judge(one_class)', 'one breed for all'),
    Task('0009_small_models_iterated', 'eight breeds, 16 small test photos: accuracy', '39e07e7f',
         'np.mean(right)', '1/8', 'one breed for all'),
    Task('0013_multi_label_and_progressive_resizing', 'four labels, 75 pictures: accuracy', '2e42f1cd',
         'model_says', 'nothing', 'none of them'),
    Task('0014_segmentation', 'digits written on photos, by the pixel: Dice of the strokes', 'eac15724',
         'dice(found, targs, 1, 2)', 'dice(guess, targs, 1, 2)', 'the typical mask'),
    Task('0015_regression_with_images', 'where is the digit: error in pixels', 'd5581302',
         'in_pixels(mse)', 'in_pixels(baseline)', 'the mean place', False),
    Task('0016_text', 'a number, or shuffled, from 300 labels: accuracy', 'd278e952',
         'clas_accuracy', "bags_say['bag of words and pairs']", 'bag of words and pairs'),
    Task('0017_collaborative_filtering', 'ratings, three models: mean squared error, in stars squared', 'a17c70f1',
         'together', "baseline['user and movie']", 'means of user and movie', False),
    Task('0018_what_a_model_got_wrong', 'colour of the coat, 18 photos: accuracy', '5e392446',
         '1 - err', 'cm.sum(axis=1).max()/cm.sum()', 'one colour for all'),
    Task('0024_scaling_up', 'cat, terrier or other dog, three models: error rate', 'a24c70f1',
         "mean['error rate']", 'always_dog', 'always "other dog"', False),
    Task('0025_convolutions_and_a_cnn_from_scratch', '3 or 7, a small CNN: accuracy', 'abcfce80',
         "results['CNN']", "results['linear model']", 'a linear model'),
    Task('0026_transformers_on_a_laptop', 'praise or blame, from 400 labels: accuracy', '46befdc1',
         "measured['MiniLM'][400]", "measured['bag of words'][400]", 'a bag of words'),
    Task('0028_augmentation_and_normalisation', 'moved 3 or 7, from 30 digits, augmented: accuracy', '8515705b',
         "runs['augmented'][1]", "runs['as they are'][1]", 'not augmented'),
    Task('0029_when_training_goes_wrong', 'two spirals, one cycle: median loss of five starts', '986f2c83',
         "ends['one cycle'].median()", "ends['constant, small'].median()", 'a constant, small rate', False),
    Task('0030_a_model_in_the_world', 'digits of a thicker pen, with corrections: accuracy', '0bdffbec',
         "corrected['thick pen']['with corrections']", "corrected['thick pen']['before']", 'without them'),
    Task('0033_few_labels_correlation_and_a_spreadsheet', 'ten digits, 50 labels and its own: accuracy', '2623ffe2',
         'rounds.iloc[-1]', 'rounds.iloc[0]', 'the 50 labels alone')]

# ---- measuring

def run_lesson(task, seed=0, slow=True):
    "Run all of a lesson; its figures, and where checks failed. In a process of its own: it changes torch's defaults"
    sys.path.insert(0, str(ROOT/'tests'/'helpers'))
    from run_notebook import CaptureShell, Run
    run = Run(ROOT/'nbs'/'lessons'/f'{task.lesson}.ipynb', seed=seed, flags=['slow'] if slow else [])
    os.chdir(run.path.parent)
    os.environ['IN_TEST'] = '1'
    shell, res, start = CaptureShell(run.path), dict(failed=[]), time.process_time()
    if seed: shell.ast_transformers.append(run.seeds)
    for cell in run.cells:
        shell.run(cell.source)
        if shell.exc: res['failed'].append(cell.id)
        if cell.id==task.cell: res.update({o:round(float(eval(getattr(task, o), shell.user_ns)), 5) for o in ('result', 'baseline')})
    return dict(res, seconds=round(time.process_time()-start, 1))

def measure(task, way):
    "`run_lesson` in a new process, as `way` says"
    cmd = [sys.executable, '-m', 'benchmarks.speed.lessons', task.lesson, way if way in SEEDS else '0']
    done = subprocess.run(cmd, cwd=ROOT, env={**os.environ, **WAYS[way]}, capture_output=True, text=True)
    if done.returncode: raise RuntimeError(f'{task.lesson}, {way}: {done.stderr.strip()[-500:]}')
    return json.loads(done.stdout.splitlines()[-1])

def load():
    "lesson -> way -> figures, as they were saved"
    return json.loads(SAVED.read_text(encoding='utf-8')) if SAVED.exists() else {}

def save(saved): SAVED.write_text(json.dumps(saved, indent=1)+'\n', encoding='utf-8')

def measure_all(ways=WAYS):
    "Measure each lesson in each way, most of an hour; saved as it goes, and what it saved itself is not measured again"
    saved = load()
    for way in ways:
        for task in TASKS:
            rows = saved.setdefault(task.lesson, {})
            if way in rows and 'source' not in rows[way]: continue # figures from elsewhere are measured here
            rows[way] = measure(task, way)
            save(saved)
    return saved

# ---- showing

def margin(task, row):
    "By how much the result is better than the baseline; below 0 it is worse"
    return (row['result']-row['baseline']) * (1 if task.higher else -1)

def spread(rows):
    "Lowest and highest result, and of how many runs"
    low, high = (f'{pick(o["result"] for o in rows):.3f}' for pick in (min, max))
    return f'{low if low==high else f"{low} to {high}"} ({len(rows)})'

def show(saved):
    "A Markdown table: a lesson a row"
    head = ['| lesson | task: measure | baseline | result: page\'s seeds | other seeds | seconds |', '|---|---|--:|--:|--:|--:|']
    return '\n'.join(head + [_row(task, saved[task.lesson]) for task in TASKS if task.lesson in saved])

def _seconds(all_): return f"{statistics.median(all_):.0f}" if all_ else ""

def _row(task, ways):
    page, other = [ways[o] for o in ways if o not in SEEDS[1:]], [ways[o] for o in ways if o in SEEDS[1:]]
    seconds = [o['seconds'] for o in ways.values() if o['seconds']] # not known of every run
    return (f"| `{task.lesson}` | {task.what} | {statistics.median(o['baseline'] for o in page):.3f} ({task.against}) | {spread(page)} "
            f"| {spread(other) if other else ''} | {_seconds(seconds)} |")

def run(quick=False):
    "What is not measured yet, in all ways; `--quick` takes the pages' seeds alone and saves nothing"
    if quick: return show({o.lesson: {'0': measure(o, '0')} for o in TASKS})
    return show(measure_all())

if __name__=='__main__':
    name, seed = sys.argv[1:3]
    print(json.dumps(run_lesson(next(o for o in TASKS if o.lesson==name), int(seed))))
