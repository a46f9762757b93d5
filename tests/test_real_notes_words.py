"""Words as other people write them: in two spellings, in two languages, with units and versions, in short forms, cut by a line's end.

Each row is a note, a question and whether the note answers it; a second note says nothing of it."""
import json, os, unicodedata
import pytest
from fastdebug.config import find_config
from fastdebug.search import Searcher
from fastdebug.utils import fastlistnbs, fastnbs

FOUND = [('The time series has a trend.', 'timeseries'), ('Use a dataloader.', 'data loader'), ('Feature maps grow.', 'featuremaps'), ('A check point was saved.', 'checkpoint'),
    ("L'apprentissage de l’algorithme", 'algorithme'), ("nell'esempio sull'errore", 'esempio'), ("l'aprenentatge", 'aprenentatge'), ("qu'une epoche", 'une epoche'),
    ('Needs numpy 1.26.4.', 'numpy 1.26'), ('TensorFlow v2.15.0 is old.', 'tensorflow 2'), ('It takes 16GB.', '16 GB'), ('It takes 250 ms.', '250ms'), ('There are 60,000 digits.', '60000'),
    ('There are 60000 digits.', '60,000'), ('Tiles of 512×512 pixels', '512x512'), ('EfficientNetB0 is small.', 'efficientnet'), ('Try GPT2LMHead.', 'gpt'), ('An L1Loss', 'l1'),
    ('Written in C++.', 'c++'), ('Written in F#.', 'f#'), ('Runs on .NET.', '.net'), ('We generalise better.', 'generalize'), ('labelled catalogues', 'catalog'),
    ('the eigenvalues of matrices', 'matrix'), ('Two hypotheses', 'hypothesis'), ('the vertex', 'vertices'), ('Set the learning rate.', 'lr'), ('the val set', 'validation set'),
    ('An env holds packages.', 'environment'), ('regu\u00adlari\u00adzation', 'regularization'), ('it is regulari-\nzation', 'regularization'), ('كِتَاب', 'كتاب'), ('שָׁלוֹם', 'שלום'),
    ("l'œuvre d'un nœud", 'noeud'), ('le nœud', 'nœuds'), ("l'errore degl'individui", 'individui'), ("quell'immagine", 'immagine'), ("jusqu’à l'entraînement", 'entrainement'), ("d'aquell'error", 'error'),
    ('בית־ספר', 'ספר'), ('בית־ספר', 'בית'), ('רֶשֶׁת נוֹירוֹנִים', 'רשת'), ('الشَّبَكَةُ العَصَبِيَّة', 'الشبكة'), ('أداة', 'اداة'), ('تـدريـب', 'تدريب'), ('كتاب ٢٠٢٤', '2024'), ('a step of size α', 'alpha'), ('set alpha', 'α'), ('the β-VAE', 'beta'),
    ('torch==2.1.0', 'torch 2.1'), ('Python3 only', 'python 3'), ('CUDA11.8', 'cuda 11.8'), ('MobileNetV2', 'mobilenet'), ('Conv2D', 'conv'), ('A VGG16', 'vgg'), ('3.5 GHz', '3.5GHz'), ('1.000.000 Zeilen', '1000000'), ("1'000 Zeilen", '1000'),
    ('1_000_000 rows', '1000000'), ('3 × 3 filters', '3x3'), ('uses C++17', 'c++'), ('C/C++', 'c++'), ('k-means', 'kmeans'), ('t-SNE', 'tsne'), ('a U-Net', 'unet'), ('parametrised', 'parametrized'), ('the neighbouring cell', 'neighboring'),
    ('quantised', 'quantization'), ('cancelled', 'canceled'), ('the enrolment', 'enrollment'), ('two momenta', 'momentum'), ('one datum', 'data'), ('all taxa', 'taxon'), ('a mini batch', 'minibatch'), ('non-linear', 'nonlinear'),
    ('feed forward', 'feedforward'), ('pretrained', 'pre-trained'), ('Look at attn weights.', 'attention'), ('Weight initialization', 'init'), ('a generative adversarial network', 'GAN'), ('the root mean squared error', 'rmse'),
    ('self-\nattention', 'attention'), ('neu-\n  ral nets', 'neural'),
    ('12 000 Zeilen', '12000'), ('12000 rows', '12 000'), ('a million is 1 000 000', '1000000'), ('lr=.001 works', '0.001'), ('a rate of 0.001', '.001'), ('the joint probability', 'prob'), ('a 512-dimensional vector', 'vec'),
    ('Out of memory again', 'OOM'), ('OOM again', 'out of memory'), ('test time augmentation', 'TTA'), ('a Node.js server', 'nodejs'), ('use scikit-learn', 'sklearn'), ('the index of it', 'idx'), ('cross entropy', 'CE')]
OTHERWISE = [('**R**ecurrent **N**eural **N**etwork', 'recurrent neural network'), ('two frame**s**', 'frames'), ('<b>R</b>ecurrent', 'recurrent'), ('*G*raphics', 'graphics'), ('net<u>s</u>', 'nets'), ('TCP/IP has layers.', 'tcpip'), ('a CI/CD pipeline', 'cicd'), ('a CI/CD pipeline', 'ci'), ('I/O bound', 'io'), ('An A/B test', 'ab test'), ('tcpip only', 'TCP/IP'), ('C/C++ code', 'c++'), ('HTTP/S3/EC2', 's3'),
    ('Ein PyTorch-Modell lernt.', 'pytorch'), ('JavaScript-Code läuft.', 'javascript'), ('Das GitHub-Repo', 'github repo'), ('a DataLoader-based loop', 'dataloader'), ('use my_DataFrame', 'dataframe'),
    ('We use yolov8.', 'YOLO v8'), ('We use YOLO v8.', 'yolov8'), ('resnet50 wins', 'resnet 50'), ('GPT-4 talks', 'gpt 4'), ('Llama 2 runs', 'llama2'), ('llama2 runs', 'llama 2'), ('sha256 sums', 'sha 256'), ('UTF-8 text', 'utf8'),
    ('Two gpus are fast.', 'gpu'), ('One GPU is fast.', 'gpus'), ('llms are big', 'LLM'), ('rnns forget', 'rnn'), ('A CNN sees.', 'cnns'), ('pdfs print', 'PDF'), ('cpus run', 'CPU'), ('the menu', 'menus'),
    ('a multi-layer perceptron', 'mlp'), ('a multi layer perceptron', 'mlp'), ('a multilayer perceptron', 'mlp'), ('An MLP', 'multi-layer perceptron'), ('kubernetes pods', 'k8s'), ('k-nearest neighbours', 'knn'), ('KNN', 'k-nearest neighbors'),
    ('long short term memory', 'lstm'), ('An LSTM', 'long short-term memory'), ('TTA', 'test-time augmentation'), ('MSE', 'mean-squared error'), ('cross-validation', 'cv'),
    ('It costs 1,234.56 euro.', '1234.56'), ('It costs 1234.56 euro.', '1,234.56'), ('a 10,000-row table', '10000'), ('1-10,000 of them', '10,000'), ('a grayscale picture', 'greyscale'), ('many people', 'person'), ('these media', 'medium'),
    ('It takes 5µs.', '5 µs'), ('It takes 5 μs.', '5µs'), ('a 10kΩ resistor', '10 kΩ'), ('lr 1e-03', '1e-3'), ('lr=1e-3', '0.001'), ('a rate of 0.0003', '3e-4'), ('seen 1e6 times', '1000000'), ('224x224 pixels', '224 x 224'), ('64 × 64 pixels', '64x64')]
TWO_WAYS = [('Make a backup.', 'how do I back up'), ('Run the setup.', 'set up'), ('The login page', 'log in'), ('Use groupby.', 'group by'), ('an inplace op', 'in place'), ('upsampling it', 'up sampling'), ('oneshot works', 'one shot'), ('plugin list', 'plug in'),
    ('the p value', 'pvalue'), ('a z score', 'zscore'), ('on the y axis', 'yaxis'), ('with k fold', 'kfold'), ('an n gram', 'ngram'), ('top k wins', 'topk'), ('an x ray', 'xray'), ('a k-fold', 'kfold'),
    ('It takes 30s.', '30 s'), ('It takes 30 s.', '30s'), ('in 24h', '24 h'), ('at 5 V', '5V'), ('0.5 V', '0.5V'), ('0.5V', '0.5 V'), ('8k words', '8 k'), ('150bp', '150 bp'), ('5 kDa', '5kda'), ('100 mg', '100mg'), ('10 µF', '10µF'), ('37 °C', '37°C'), ('2rpm', '2 rpm'),
    ('The R^2 score', 'r2'), ('The R² score', 'R^2'), ('$R^2$ is it', 'r2'), ('R2 is it', 'r^2'), ('the σ² of it', 'sigma'), ('θ₁ is it', 'theta'), ('the 2π of it', 'pi'), ('A Next.js app', 'nextjs'), ('a nextjs app', 'next.js'), ('i.i.d. samples', 'iid'), ('iid samples', 'i.i.d.'), ('the U.S.A.', 'usa'),
    ('t‑SNE', 'tsne'), ('k‐means', 'kmeans'), ('Eine U-Net-Architektur', 'unet'), ('Die E-Mail-Adresse', 'email'), ('k-means-clustering', 'kmeans'), ('ViT-B/16', 'vit'), ("Python'da yazdım", 'python'), ('NumPy’nin', 'numpy'), ("senz'altro", 'altro'), ('пʼять', "п'ять"),
    ('r&eacute;seau', 'reseau'), ('Schr&ouml;dinger', 'schrodinger'), ('over&shy;fitting', 'overfitting'), ('on 15.01.2024', '2024')]
NOT_FOUND = [('milk for it', 'git'), ('It ends.', 'ann'), ('The C language', 'c++'), ('set the data', 'dataset'), ('It cost 0.5.', '0'), ('probs.sum()', 'probability'), ('in 2015 100 came', '2015100'), ('the year 2000 000', '2000000'), ('img_224_224 is one', '224224'), ('It is thus.', 'thu'), ("I don't", 'don'), ('the part', 'apart'), ('a.b is x.T', 'ab'), ('w = a*b*(c)', 'ab'), ('w = a**b**c', 'ab')]

@pytest.fixture
def hits(tmp_path):
    "The names of the notes that answer a question"
    def ask(text, question):
        (tmp_path/'a.md').write_text(f'# Note\n\n{text}\n', encoding='utf-8')
        (tmp_path/'b.md').write_text('# Shopping\n\nmilk, bread, soap\n', encoding='utf-8')
        return [h.section.heading for h in Searcher(find_config([tmp_path]), memory=True).search(question).hits]
    return ask

@pytest.mark.parametrize('text,question', FOUND+OTHERWISE+TWO_WAYS)
def test_found(hits, text, question): assert hits(text, question)==['Note']

@pytest.mark.parametrize('text,question', NOT_FOUND)
def test_not_found(hits, text, question): assert 'Note' not in hits(text, question)

TAKEN_APART = ['한국어 노트', '신경망', 'ガイド', 'プログラム', 'données', 'Übung', 'Việt', 'ёлка']

@pytest.mark.parametrize('word', TAKEN_APART)
def test_letters_in_pieces_as_macos_writes_them_are_found(tmp_path, word):
    apart = unicodedata.normalize('NFD', word)
    for i,(name,text) in enumerate(((f'{apart}.md', 'text'), ('b.md', f'# {apart}'), ('c.md', f'# Note\n\nabout {apart} here'))): (tmp_path/name).write_text(f'{text}\n', encoding='utf-8')
    (tmp_path/'other.md').write_text('# Other\n\nmilk and bread\n')
    for asked in (word, apart):
        found = {os.path.basename(h.section.file) for h in fastnbs(asked, roots=str(tmp_path))}
        assert found=={f'{apart}.md', 'b.md', 'c.md'}, asked

VERSIONS = [('resnet50', 'ResNet18', 'A resnet of 18 layers is a small resnet.', 'Training a ResNet50 on pets in one afternoon'),
            ('conv2d', 'Conv1d', 'A conv1d is a conv over time.', 'How many weights has a Conv2d layer with padding?'),
            ('cifar10', 'CIFAR-100', 'CIFAR has pictures; CIFAR is small.', 'Loading CIFAR-10 and showing a batch of it'),
            ('gpt-2', 'GPT-3', 'A gpt is large, and this gpt is larger.', 'Fine-tuning the smallest GPT-2 on my own notes')]

@pytest.mark.parametrize('question,other,text,right', VERSIONS)
def test_another_version_comes_after_the_one_asked_for(tmp_path, question, other, text, right):
    (tmp_path/'a.md').write_text(f'# {other}\n\n{text}\n')
    (tmp_path/'b.md').write_text(f'# {right}\n\nWe do it step by step, for a while, and look at the losses that come of it.\n')
    for o in (question, f'what is {question}'): assert [h.section.heading for h in fastnbs(o, roots=str(tmp_path))]==[right, other]
    (tmp_path/'b.md').unlink()
    assert [h.section.heading for h in fastnbs(question, roots=str(tmp_path))]==[other]

# ---- tags

def book(*cells): return json.dumps(dict(nbformat=4, nbformat_minor=5, metadata={}, cells=[dict(cell_type='markdown', source=s, metadata=dict(tags=t)) for s,t in cells]))

TAGGED = [('a.md', '---\ntags: [nlp, Deep Learning]\n---\n# One\n\ntext\n', 'tag:nlp'), ('a.md', '---\ntags: [nlp, Deep Learning]\n---\n# One\n\ntext\n', 'tag:"deep learning"'),
    ('a.md', '---\ntags: "#nlp, #cv"\n---\n# One\n\ntext\n', 'tag:CV'), ('a.md', '---\nkeywords: nlp\n---\n# One\n\ntext\n', 'tag:#nlp'), ('a.md', '+++\ntags = ["nlp"]\n+++\n# One\n\ntext\n', 'tag:nlp'),
    ('a.md', '---\ntags:\n  - ml/nlp\n---\n# One\n\ntext\n', 'tag:ml'), ('a.md', '---\ntags:\n  - ml/nlp\n---\n# One\n\ntext\n', 'tag:ml/nlp'), ('a.md', '---\ncategories: [nlp]\n---\n# One\n\ntext\n', 'tag:nlp text'),
    ('a.ipynb', book(('# One', ['nlp']), ('# Two', ['cv'])), 'tag:nlp'), ('a.py', '# %% [markdown] tags=["nlp"]\n# # One\n\n# %% [markdown]\n# # Two\n', 'tag:nlp'),
    ('a.md', '---\ntags: [nlp, cv]\n---\n# One\n\ntext\n', 'tag:nlp tag:cv'),
    ('a.md', '#nlp #cv\n\n# One\n\ntext\n', 'tag:cv text'), ('a.md', '# One\n#nlp\n\ntext\n', 'tag:nlp'), ('a.md', '# One\n\ntext #ml/nlp.\n\n# Two\n\ntext\n', 'tag:ml/nlp'), ('a.md', '# One\n\n- text #nlp\n\n## Two\n#cv\n', 'tag:nlp -cv'),
    ('a.md', 'tags:: nlp, [[deep learning]]\n\n# One\n\ntext\n', 'tag:"deep learning"'), ('a.md', 'title:: T\ntags:: #nlp\n\n# One\n\ntext\n', 'tag:nlp'), ('a.ipynb', book(('# One\n\ntext #nlp', []), ('# Two', [])), 'tag:nlp')]

@pytest.mark.parametrize('name,text,question', TAGGED)
def test_tags_of_front_matter_and_cells_are_found(tmp_path, name, text, question):
    (tmp_path/name).write_text(text)
    (tmp_path/'other.md').write_text('---\ntags: [other]\n---\n# Other\n\nabout nlp, cv and ml in text\n')
    assert [h.section.heading for h in fastnbs(question, roots=str(tmp_path))]==['One']
    assert [h.text for o in fastlistnbs(question.replace(' text', ''), roots=str(tmp_path)) for h in o.headings]==['One']

# what looks like a tag and is none
NO_TAGS = ['`#nlp`', '```\n#nlp\n```', 'a#nlp', 'x.md#nlp', '[a](#nlp)', r'\\#nlp', '# nlp', '#1', '    #nlp', '# One #nlp-2', '&#nlp;']

@pytest.mark.parametrize('text', NO_TAGS)
def test_what_is_no_tag(tmp_path, text):
    (tmp_path/'a.md').write_text(f'# One\n\n{text}\n')
    assert not fastnbs('tag:nlp', roots=str(tmp_path)) and not fastnbs('tag:1', roots=str(tmp_path))

def test_a_tag_that_nobody_gave_is_said(tmp_path):
    (tmp_path/'a.md').write_text('---\ntags: [nlp]\n---\n# One\n\ntext\n')
    for found in (fastnbs('tag:vision', roots=str(tmp_path)), fastlistnbs('tag:vision', roots=str(tmp_path))):
        assert not found and 'Nothing found for "tag:vision"' in found._repr_markdown_() and 'tag:vision' in found._repr_markdown_().split('conditions')[1]
    assert 'nothing fits tag:vision, so this was left out' in fastnbs('text tag:vision', roots=str(tmp_path))._repr_markdown_()

# ---- typing errors

FEW = {'trees.md': '# Random forests\n\nAdding trees never hurts.\n', 'paper.md': '# Paperspace\n\nLabels that start at 1 triggered an assert.\n',
       'prune.md': '# Pruned models\n\nWe froze the layers before training them.\n'}

@pytest.mark.parametrize('typed,file,meant', [('random forset', 'trees.md', 'forests'), ('forsets', 'trees.md', 'forests'), ('triger', 'paper.md', 'triggered'),
                                              ('lables', 'paper.md', 'labels'), ('ramdom-forests', 'trees.md', 'random-forests'), ('froze layre', 'prune.md', 'layers'), ('trane', 'prune.md', '')])
def test_a_typing_error_is_corrected_though_the_notes_say_the_word_with_an_ending(tmp_path, typed, file, meant):
    for name,text in FEW.items(): (tmp_path/name).write_text(text)
    answer = Searcher(find_config(tmp_path), memory=True).search(typed)
    assert [w.text for w in answer.query.words if w.typed]==[meant]*bool(meant)
    if meant: assert os.path.basename(answer.hits[0].section.file)==file and not answer.weak
