from tests.surface.conftest import *
from tests.surface.documents import DOCS, shell_blocks
def test_x(after_tutorial):
    b=shell_blocks(DOCS/"how-to"/"stop-early-with-a-sequential-trial.md")
    b[2]="interlock hypothesis seal hypotheses/secret.yaml --as paula --trial trials/secret.yaml --sample 150 --clusters 150 --assume circumvention=0.40:0.01 || true\n"
    print(after_tutorial.run(b)[2]); assert 0
