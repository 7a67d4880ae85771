"""Every loss of the trainer, as the mean over the batch."""

import torch
from torch.nn import functional as F

from model import unit

TEMPERATURE = 20.0
FLOOR = 1e-7
MAX_SCALE = 100.0


def side_loss(logits, classes, sides):
    """-log of the probability of the sample's side; `sides` names the side of every class."""
    same = torch.tensor([[a == b for b in sides] for a in sides])[classes]
    probability = (logits.softmax(1) * same).sum(1)
    return -probability.clamp(min=FLOOR).log().mean()


def dfacc(embedding, centres, classes, groups):
    """Contrastive centres: near one's own, far from those of the other groups."""
    distance = (embedding[:, None] - centres[None]).square().sum(2)
    outside = torch.tensor([[a != b for b in groups] for a in groups])[classes]
    own = distance.gather(1, classes[:, None])[:, 0]
    return (own / ((distance * outside).sum(1) + 1)).mean() / 2


def symmetric_kl(scores, positive):
    """Label-aware InfoNCE: the target of a row (column) is uniform over its positives."""

    def one_way(s, p):
        target = p.to(s.dtype) / p.sum(1, keepdim=True)
        return F.kl_div(s.log_softmax(1), target, reduction="batchmean")

    return (one_way(scores, positive) + one_way(scores.T, positive.T)) / 2


def alignment(embedding, text, classes, scale):
    present = classes.unique(sorted=True)
    positive = classes[:, None] == present[None]
    return symmetric_kl(scale * embedding @ unit(text[present]).T, positive)


def matching(embedding, parsing_feature, rows, classes, scale):
    if len(rows) == 0:
        return embedding.new_zeros(())
    labels = classes[rows]
    positive = labels[:, None] == labels[None]
    return symmetric_kl(scale * embedding[rows] @ unit(parsing_feature).T, positive)


def distillation(prediction, text, classes):
    student = (prediction / TEMPERATURE).log_softmax(1)
    teacher = (text.detach()[classes] / TEMPERATURE).softmax(1)
    return TEMPERATURE**2 * F.kl_div(student, teacher, reduction="batchmean")


def compute(model, outputs, config, classes, parsing_rows):
    """Every loss by name, and their weighted `total`. Rows of outputs["text"] are the classes."""
    groups = config["groups"]
    if "real" not in groups:
        raise ValueError(f"no class belongs to the group 'real': {groups}")
    fake = [group != "real" for group in groups]
    embedding, logits, text = outputs["embedding"], outputs["logits"], outputs["text"]
    scale = model.logit_scale.exp().clamp(max=MAX_SCALE)
    losses = {
        "cross_entropy": F.cross_entropy(logits, classes),
        "authenticity": side_loss(logits, classes, fake),
        "group": side_loss(logits, classes, groups),
        "dfacc": dfacc(embedding, model.classifier.centres, classes, groups),
        "alignment": alignment(embedding, text, classes, scale),
        "matching": matching(embedding, outputs["parsing_feature"], parsing_rows, classes, scale),
        "distillation": distillation(outputs["text_prediction"], text, classes),
    }
    total = sum(config["losses"][name] * loss for name, loss in losses.items())
    return losses, total
