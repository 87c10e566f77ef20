"""A form as a programme shows it: the form's own questions and words with what a version decides."""

import dataclasses
from collections.abc import Mapping

from referrals.agreement_texts import AgreementTexts, agreement_texts
from referrals.forms.kinds.spec import FormKind, Wording
from referrals.services import ShownForm

# Under which name each sentence of agreement is ticked.
_SENTENCES = {"agreed": "referred", "feedback_allowed": "feedback", "later_contact": "later_contact"}


def shown_form(spec: FormKind, shown: ShownForm) -> FormKind:
    """Return `spec` with the texts, the questions and the sentences of agreement of this version."""
    content = shown.content
    texts = agreement_texts(content.agreement_text)
    unknown = [name for name, sentence in _SENTENCES.items() if not getattr(texts, sentence)]
    left_out = set(content.left_out) & set(spec.optional_names)
    return dataclasses.replace(
        spec.without([*left_out, *unknown]),
        wording=_with_sentences(spec.wording, texts),
        lead=content.text("lead") or spec.lead,
        is_open=content.is_open,
        target_group=content.text("target_group"),
        criteria=content.criteria(),
        procedure=content.lines("procedure") or spec.procedure,
        information_text=content.text("information_text"),
        translated=content.translated(),
        agreement_text=content.agreement_text,
        token=shown.token,
    )


def _with_sentences(wording: Mapping[str, Wording], texts: AgreementTexts) -> dict[str, Wording]:
    said = {name: getattr(texts, sentence) for name, sentence in _SENTENCES.items() if name in wording}
    return {**wording, **{name: dataclasses.replace(wording[name], label=said[name]) for name in said}}
