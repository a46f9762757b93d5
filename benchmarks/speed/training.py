"Our training loop against fastai's `Learner`, doing the same work; and where the time of a step goes in each"
import time
from ..tools.measure import Row, median, show_table, take_turns

PARTS = 'fetch a batch', 'predict', 'loss', 'gradients', 'step', 'zero the gradients', 'the rest'
EPOCHS = 2 # in one turn

def make_data():
    "As many images as MNIST_SAMPLE has, of its shape, but random: the work is the same"
    import torch
    g = torch.Generator().manual_seed(42)
    def rows(n): return list(zip(torch.rand(n, 784, generator=g), torch.randint(2, (n, 1), generator=g).float()))
    return rows(12396), rows(2038)

def new_loaders(data):
    from fastdebug.learn.mnist import DataLoader
    return DataLoader(data[0], 256, shuffle=True, generator=42), DataLoader(data[1], 256)

def our_run(data, model):
    "A function that trains `model` by our loop"
    from fastdebug.learn.mnist import train_model
    from fastdebug.learn.sgd import SGD
    train_dl,valid_dl = new_loaders(data)
    opt = SGD(model.parameters(), lr=.1)
    return lambda: train_model(model, train_dl, valid_dl, EPOCHS, opt)

def new_learner(data, model):
    import fastai.callback.progress
    from fastai.data.core import DataLoaders
    from fastai.learner import Learner
    from fastai.optimizer import SGD
    from fastdebug.learn.mnist import batch_accuracy, mnist_loss
    return Learner(DataLoaders(*new_loaders(data)), model, opt_func=SGD, loss_func=mnist_loss, metrics=batch_accuracy)

def learner_run(data, model, cbs=None):
    "A function that trains `model` by `Learner.fit`"
    learn = new_learner(data, model)
    def run():
        with learn.no_bar(), learn.no_logging(): learn.fit(EPOCHS, lr=.1, cbs=cbs)
    return run

def our_parts(data, model):
    "Seconds a step that each of `PARTS` takes in our loop, written out with a clock after every line"
    from fastdebug.learn.mnist import mnist_loss
    from fastdebug.learn.sgd import SGD
    train_dl,_ = new_loaders(data)
    opt,clock,sums = SGD(model.parameters(), lr=.1),time.perf_counter,[0.]*6
    for _ in range(EPOCHS):
        batches = iter(train_dl)
        for _ in range(len(train_dl)):
            t = [clock()]
            xb,yb = next(batches);        t.append(clock())
            preds = model(xb);            t.append(clock())
            loss = mnist_loss(preds, yb); t.append(clock())
            loss.backward(); loss.item(); t.append(clock())
            opt.step();                   t.append(clock())
            opt.zero_grad();              t.append(clock())
            sums = [s+b-a for s,a,b in zip(sums, t, t[1:])]
    return [s/EPOCHS/len(train_dl) for s in sums]

def learner_parts(data, model):
    "The same for `Learner`, by a callback that looks at the clock at every event of a training batch"
    from fastai.callback.core import Callback
    sums,clock = [0.]*6,time.perf_counter
    class Clock(Callback):
        order,run_valid = 1000,False # after every other callback, so that these count as part of the line before
        def _tick(self, i):
            now = clock()
            if i is not None: sums[i] += now-self.last
            self.last = now
        def before_train(self): self._tick(None)
        def before_batch(self): self._tick(0)
        def after_pred(self): self._tick(1)
        def after_loss(self): self._tick(2)
        def after_backward(self): self._tick(3)
        def after_step(self): self._tick(4)
        def after_batch(self): self._tick(5)
    learner_run(data, model, cbs=Clock())()
    return [s/EPOCHS/len(new_loaders(data)[0]) for s in sums]

def run(quick=False):
    import torch
    from fastdebug.learn.mnist import seed_layers, simple_net
    torch.set_num_threads(1)
    data = make_data()
    models = {'linear': lambda: seed_layers(torch.nn.Linear(784, 1)), 'simple_net': simple_net}
    steps,rows,tables = EPOCHS*len(new_loaders(data)[0]),[],[]
    for name,model in models.items():
        ours,theirs = our_run(data, model()),learner_run(data, model())
        ours(); theirs() # warm
        a,b = [median(o)/steps for o in take_turns(3 if quick else 9, ours, theirs)]
        rows.append(Row(f'{name}: a step of training, its share of validation included', a, b, 1, "fastai's Learner, same work"))
        parts = list(zip(*[[median(o) for o in zip(*[f(data, model()) for _ in range(1 if quick else 3)])] for f in (our_parts, learner_parts)]))
        parts.append((a-sum(o[0] for o in parts), b-sum(o[1] for o in parts)))
        tables.append(show_parts(name, [*parts, (a,b)]))
    return '\n\n'.join([show_table(rows), *tables])

def show_parts(name, figures):
    "Where the time of a step goes, as a Markdown table"
    lines = [f'| {name}: ms a step | our loop | Learner |', '|---|--:|--:|']
    for part,(a,b) in zip([*PARTS, 'in all'], figures): lines.append(f'| {part} | {a*1e3:.3f} | {b*1e3:.3f} |')
    return '\n'.join(lines)
