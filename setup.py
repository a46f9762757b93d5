"Everything setuptools must know comes from settings.ini, and the lessons go into the wheel"
from configparser import ConfigParser
from pathlib import Path
from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

root = Path(__file__).parent
cfg = ConfigParser(delimiters=['='], interpolation=None)
cfg.read(root/'settings.ini', encoding='utf-8')
cfg = cfg['DEFAULT']

def lines(name): return [o.strip() for o in cfg[name].splitlines() if o.strip()]

class BuildWithLessons(build_py):
    "Copy `nbs/lessons` into the package that is being built; an editable install reads them where they are"
    def lessons(self): return sorted((root/'nbs/lessons').glob('*.ipynb'))
    def target(self, nb): return str(Path(self.build_lib)/cfg['lib_name']/'lessons'/nb.name)

    def run(self):
        super().run()
        if self.editable_mode: return
        for nb in self.lessons():
            self.mkpath(str(Path(self.target(nb)).parent))
            self.copy_file(str(nb), self.target(nb))

    def get_outputs(self, include_bytecode=True):
        ours = [] if self.editable_mode else [self.target(o) for o in self.lessons()]
        return super().get_outputs(include_bytecode) + ours

learn,measure,meaning,mcp,hub,dev = (lines(f'{o}_requirements') for o in ('learn','eval','meaning','mcp','hub','dev'))
statuses = {'3': '3 - Alpha', '4': '4 - Beta', '5': '5 - Production/Stable'}
first = int(cfg['min_python'].split('.')[1])

setup(
    name=cfg['lib_name'], version=cfg['version'], author=cfg['author'], keywords=cfg['keywords'].split(),
    packages=find_packages(include=[cfg['lib_name'], cfg['lib_name']+'.*']),
    package_data={cfg['lib_name']: ['*.js', '*.css']},
    install_requires=lines('requirements'),
    extras_require={'learn': learn, 'eval': measure, 'meaning': meaning, 'mcp': mcp, 'hub': hub,
                    'dev': measure+mcp+hub+meaning+dev, 'all': learn+measure+meaning+mcp+hub+dev},
    entry_points={'console_scripts': lines('console_scripts'),
                  'nbdev': [f"{cfg['lib_name']}={cfg['lib_name']}._modidx:d"]},
    classifiers=[f"Development Status :: {statuses[cfg['status']]}", 'Framework :: Jupyter',
                 'Intended Audience :: Developers', 'Intended Audience :: Education',
                 'Programming Language :: Python :: 3 :: Only',
                 *(f'Programming Language :: Python :: 3.{i}' for i in range(first, 15))],
    cmdclass={'build_py': BuildWithLessons}, zip_safe=False)
