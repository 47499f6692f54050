"""Papers in the demonstration: the assessment whole and redacted, exports, and the report site."""

import json
from pathlib import Path
from typing import Any

from interlock.admission import Assessment
from interlock.app.acts import find_act
from interlock.app.assessments import document_of, redact_assessment, verify_copy_offline
from interlock.app.demo.scene import Scene
from interlock.app.exports import Export, Form, export_view
from interlock.app.pages import assessment_page
from interlock.app.report import report
from interlock.errors import AlteredCopyError
from interlock.ledger import canonical, parse

_FORMS: tuple[Form, ...] = ("oscal", "cyclonedx", "vsa", "ltac", "sigstore")


def show_assessment(scene: Scene, assessment: str, *, bundle: Path) -> dict[str, Any]:
    """A public copy that verifies against the digest the panel signed, and one that does not."""
    work, root = scene.work, scene.work.folder / "root.json"
    public, pdf = scene.folder / "assessment.public.json", scene.folder / "assessment.pdf"
    copy = redact_assessment(work, assessment, public, reader="public")
    shown = verify_copy_offline(public, bundle, root)
    altered = scene.folder / "altered.json"
    altered.write_bytes(_with_another_salt(public.read_bytes()))
    caught = "BELIEVED"
    try:
        verify_copy_offline(altered, bundle, root)
    except AlteredCopyError as error:
        caught = error.code
    altered.unlink()
    pdf.write_bytes(assessment_page(work, assessment, form="pdf"))
    total = len(copy.manifest.fields)
    document = document_of(work, find_act(work.state(), assessment, Assessment))
    scores = {
        one.score: {"p50": one.figures.p50, "p95": one.figures.p95} for one in document.scores
    }
    scene.tell("\n6. The assessment, for others")
    for name, score in scores.items():
        scene.tell(f"   {name}: P50 {score['p50']:.3g}, P95 {score['p95']:.3g}")
    scene.tell(
        f"   a public copy with {len(shown.fields)} of the {total} signed fields verifies; "
        f"with one salt altered it is refused, {caught}"
    )
    return {
        "ok": caught == "altered-copy" and 0 < len(shown.fields) < total and bool(scores),
        "fields": total,
        "public": len(shown.fields),
        "altered_salt": caught,
        "scores": scores,
        "files": {"public": str(public), "pdf": str(pdf)},
    }


def show_exports(scene: Scene, decision: str) -> dict[str, Any]:
    """The decision in other tools' formats, each leading back to the bundle."""
    files, bundle = {}, scene.folder / "exports.bundle.json"
    for form in _FORMS:
        out = scene.folder / f"decision.{form}.{'txt' if form == 'ltac' else 'json'}"
        asked = Export(form=form, out=out, bundle=bundle, reader="internal")
        signer = scene.key("carol") if form == "vsa" else None
        export_view(scene.work, decision, asked, signer=signer)
        files[form] = str(out)
    scene.tell(f"   exported for other tools as {', '.join(_FORMS)}")
    return {"ok": all(Path(each).stat().st_size for each in files.values()), "files": files}


def show_report(scene: Scene) -> dict[str, Any]:
    """The whole workspace as pages, for people without a terminal."""
    made = report(scene.work, scene.folder / "report", tell=lambda _: None)
    index = scene.folder / "report" / "index.html"
    scene.tell(f"   the workspace as a site: {made.pages} pages")
    return {"ok": index.is_file(), "pages": made.pages, "files": {"index": str(index)}}


def _with_another_salt(copy: bytes) -> bytes:
    """A copy with the salt of its first field altered."""
    found = json.loads(json.dumps(parse(copy)))
    salt = found["content"]["fields"][0]["salt"]
    found["content"]["fields"][0]["salt"] = ("0" if salt[0] != "0" else "1") + salt[1:]
    return canonical(found)
