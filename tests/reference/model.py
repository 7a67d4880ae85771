"""The network of shared/spec/bmrl.md in plain PyTorch, written from the description alone.

Modules carry the names of the exported parameters, so loading is a rename of the norms and a
transposition of the linear weights. Works in the floating-point type the weights are loaded in.
"""

from itertools import chain

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

PATCH = 112
TIE = 1e-12  # patches closer than this in homogeneity count as equal; the first wins
# About 1 / the standard deviation of relu(N(0, 1)): keeps the variance of activations near 1.
RELU_GAIN = 1.7138588

KB = [[0, 0, 0, 0, 0], [0, -1, 2, -1, 0], [0, 2, -4, 2, 0], [0, -1, 2, -1, 0], [0, 0, 0, 0, 0]]
KV = [[-1, 2, -2, 2, -1], [2, -6, 8, -6, 2], [-2, 8, -12, 8, -2], [2, -6, 8, -6, 2], [-1, 2, -2, 2, -1]]
KH = [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 1, -2, 1, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]
SOBEL_X = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


def unit(x):
    """L2-normalised last axis; the floor keeps the gradient finite at zero."""
    return x / (x.square().sum(-1, keepdim=True) + 1e-12).sqrt()


# Views: [B, 3, 224, 224] RGB, whole numbers 0..255.


def luma_thousandths(x):
    """299 R + 587 G + 114 B: whole, so exact, where 0.299 R + ... would break ties at random."""
    return (x * x.new_tensor([299, 587, 114]).view(3, 1, 1)).sum(-3)


def image_view(face):
    return (face / 255 - 0.5) * 4


def edge_view(face):
    x = luma_thousandths(face)[:, None] / 255000
    sobel = x.new_tensor(SOBEL_X)
    gradient = F.conv2d(x, torch.stack([sobel, sobel.T])[:, None], padding=1)
    return gradient.square().sum(1, keepdim=True).sqrt()


def noise_view(source, gain):
    patches = source.unfold(2, PATCH, PATCH).unfold(3, PATCH, PATCH)
    patches = patches.permute(0, 2, 3, 1, 4, 5).flatten(1, 2)  # [B, 4, 3, 112, 112], raster order
    grey = ((luma_thousandths(patches) + 500) / 1000).floor()  # halves up
    homogeneity = (1 / (1 + grey.diff(dim=-1).square())).mean((-1, -2))
    lowest = homogeneity <= homogeneity.amin(1, keepdim=True) + TIE
    chosen = lowest.int().argmax(1)  # argmax returns the first of equals
    patch = patches[torch.arange(len(patches)), chosen] / 255
    kernels = torch.stack([patch.new_tensor(k) / d for k, d in ((KB, 4), (KV, 12), (KH, 2))])
    kernels = kernels[:, None].expand(3, 3, 5, 5)  # the same kernel on R, G and B
    return F.conv2d(patch, kernels, padding=2).clamp(-3, 3) * gain


# Convolutions.


class ConvBlock(nn.Module):
    def __init__(self, inputs, outputs, stride, normalization):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=normalization != "batch")
        if normalization == "batch":
            self.norm = nn.BatchNorm2d(outputs, eps=1e-5)
        elif normalization == "weight":
            self.gain = nn.Parameter(torch.ones(outputs))
        elif normalization != "folded":
            raise ValueError(f"unknown normalization {normalization!r}")
        self.normalization = normalization

    def forward(self, x):
        if self.normalization == "weight":
            w = self.conv.weight
            w = w - w.mean((1, 2, 3), keepdim=True)
            norm = (w.square().sum((1, 2, 3), keepdim=True) + 1e-6).sqrt()
            w = w * (RELU_GAIN * self.gain.view(-1, 1, 1, 1) / norm)
            x = F.conv2d(x, w, self.conv.bias, self.conv.stride, self.conv.padding)
        else:
            x = self.conv(x)
            if self.normalization == "batch":
                x = self.norm(x)
        return F.relu(x)


class Stack(nn.Module):
    def __init__(self, view, normalization):
        super().__init__()
        self.convs = view["convs"]
        self.blocks = nn.ModuleList()
        inputs, stride = view["channels"], view["stem_stride"]
        for width, convs in zip(view["widths"], view["convs"], strict=True):
            for _ in range(convs):
                self.blocks.append(ConvBlock(inputs, width, stride, normalization))
                inputs, stride = width, 1

    def forward(self, x):
        blocks = iter(self.blocks)
        for convs in self.convs:
            for _ in range(convs):
                x = next(blocks)(x)
            x = F.max_pool2d(x, 2)
        return x


# Transformers.


class Attention(nn.Module):
    def __init__(self, width, heads, scale, qkv_bias=False, output_bias=True):
        super().__init__()
        self.heads, self.scale = heads, scale
        self.query = nn.Linear(width, width, bias=qkv_bias)
        self.key = nn.Linear(width, width, bias=qkv_bias)
        self.value = nn.Linear(width, width, bias=qkv_bias)
        self.output = nn.Linear(width, width, bias=output_bias)

    def forward(self, x, context, causal=False):
        def split(y):
            return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(context)), split(self.value(context))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=causal, scale=self.scale)
        return self.output(y.transpose(1, 2).flatten(2))


class Block(nn.Module):
    def __init__(self, width, heads, mlp, scale, language=False):
        super().__init__()
        self.language = language
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads, scale, qkv_bias=language)
        self.mlp_norm = nn.LayerNorm(width)
        self.expand = nn.Linear(width, mlp)
        self.contract = nn.Linear(mlp, width)

    def forward(self, x):
        y = self.attention_norm(x)
        x = x + self.attention(y, y, causal=self.language)
        y = self.expand(self.mlp_norm(x))
        y = y * torch.sigmoid(1.702 * y) if self.language else F.gelu(y)
        return x + self.contract(y)


class ViewEncoder(nn.Module):
    """One view -> [B, tokens + 1, width], class token first."""

    def __init__(self, view, width, heads, mlp, encoder):
        super().__init__()
        self.side = view["token_side"]
        scale = (width if encoder["attention_scale"] == "width" else width // heads) ** -0.5
        self.stack = Stack(view, encoder["normalization"])
        self.project = nn.Linear(view["widths"][-1] * self.side**2, width)
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(torch.zeros(1, view["tokens"] + 1, width))
        self.blocks = nn.Sequential(*(Block(width, heads, mlp, scale) for _ in range(view["blocks"])))
        self.norm = nn.LayerNorm(width) if encoder["token_norm"] else nn.Identity()

    def forward(self, x):
        # unfold lists cells in raster order, each flattened as (channel, y, x)
        cells = F.unfold(self.stack(x), self.side, stride=self.side).transpose(1, 2)
        tokens = self.project(cells)
        x = torch.cat([self.class_token.expand(len(x), -1, -1), tokens], 1) + self.positions
        return self.norm(self.blocks(x))


class Mpve(nn.Module):
    """Multi-perspective visual encoder: three views fused into one vector [B, width]."""

    def __init__(self, width, encoder):
        super().__init__()
        heads, mlp = encoder["heads"], encoder["mlp"]
        self.noise_source, self.noise_gain = encoder["noise_source"], encoder["noise_gain"]
        self.image = ViewEncoder(encoder["image"], width, heads, mlp, encoder)
        self.noise = ViewEncoder(encoder["noise"], width, heads, mlp, encoder)
        self.edge = ViewEncoder(encoder["edge"], width, heads, mlp, encoder)
        self.fusion = Attention(width, heads, (width // heads) ** -0.5, output_bias=False)

    def forward(self, face, native):
        source = native if self.noise_source == "native" else face
        c = self.image(image_view(face))[:, :1]
        noise = self.noise(noise_view(source, self.noise_gain))
        edge = self.edge(edge_view(face))
        return (2 * c + self.fusion(c, noise) + self.fusion(c, edge))[:, 0]


class Classifier(nn.Module):
    def __init__(self, model, classes):
        super().__init__()
        if model["encoder"]["type"] != "mpve":
            raise ValueError(f"the reference covers the mpve encoder, not {model['encoder']['type']!r}")
        width = model["width"]
        self.encoder = Mpve(width, model["encoder"])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)
        self.centres = nn.Parameter(torch.zeros(classes, width))

    def forward(self, face, native):
        embedding = unit(self.encoder(face, native))
        logits = self.head(self.norm(embedding))
        return embedding, logits, embedding @ unit(self.centres).T


class LanguageEncoder(nn.Module):
    def __init__(self, language, width):
        super().__init__()
        inner, heads = language["width"], language["heads"]
        scale = (inner // heads) ** -0.5
        self.tokens = nn.Embedding(language["vocabulary"], inner)
        self.positions = nn.Parameter(torch.zeros(1, 4 * language["context"], inner))
        blocks = (Block(inner, heads, language["mlp"], scale, language=True) for _ in range(language["layers"]))
        self.blocks = nn.Sequential(*blocks)
        self.norm = nn.LayerNorm(inner)
        self.projection = nn.Linear(inner, width, bias=False)

    def forward(self, tokens, ends):
        x = self.norm(self.blocks(self.tokens(tokens) + self.positions))
        return self.projection(x[torch.arange(len(x)), ends])


class ParsingEncoder(nn.Module):
    def __init__(self, parsing, encoder, width):
        super().__init__()
        inner = parsing["width"]
        self.encoder = ViewEncoder(parsing["view"], inner, parsing["heads"], parsing["mlp"], encoder)
        self.project = nn.Linear(inner, width)

    def forward(self, maps):
        return self.project(self.encoder(image_view(maps * 255))[:, 0])


class Bmrl(nn.Module):
    def __init__(self, config):
        super().__init__()
        model, width = config["model"], config["model"]["width"]
        self.classifier = Classifier(model, config["classes"])
        self.text_head = nn.Linear(width, width)
        self.language = LanguageEncoder(config["language"], width)
        self.parsing = ParsingEncoder(config["parsing"], model["encoder"], width)
        self.logit_scale = nn.Parameter(torch.zeros(1))

    def forward(self, face, native, parsing, tokens, ends):
        """Text and parsing features are the raw ones, before L2 normalisation."""
        embedding, logits, similarity = self.classifier(face, native)
        return {
            "embedding": embedding,
            "logits": logits,
            "similarity": similarity,
            "text": self.language(tokens, ends),
            "parsing_feature": self.parsing(parsing) if len(parsing) else parsing.new_zeros(0, embedding.shape[1]),
            "text_prediction": self.text_head(embedding),
        }


# Parameters of the Rust model.


def correspondence(model):
    """(exported name, name here, is it stored transposed) of every parameter and statistic."""
    for prefix, module in model.named_modules():
        renamed = {}
        if isinstance(module, nn.LayerNorm | nn.BatchNorm2d):
            renamed = {"weight": "gamma", "bias": "beta"}
        for key, _ in chain(module.named_parameters(recurse=False), module.named_buffers(recurse=False)):
            if key != "num_batches_tracked":
                dot = "." if prefix else ""
                transposed = isinstance(module, nn.Linear) and key == "weight"
                yield prefix + dot + renamed.get(key, key), prefix + dot + key, transposed


def load(config, weights, dtype=torch.float64):
    """The model in eval mode, from a safetensors file whose names must match exactly."""
    with torch.device("meta"):  # no time or memory for weights about to be replaced
        model = Bmrl(config)
    stored, state = load_file(weights), {}
    for name, key, transposed in correspondence(model):
        if name not in stored:
            raise KeyError(f"{weights} lacks {name}")
        x = stored.pop(name).to(dtype)
        state[key] = (x.T.contiguous() if transposed else x.flatten() if key.endswith("gain") else x)
    if stored:
        raise KeyError(f"{weights} has tensors the model does not know: {sorted(stored)[:8]}")
    for key in model.state_dict():
        if key.endswith("num_batches_tracked"):
            state[key] = torch.tensor(0)
    model.load_state_dict(state, assign=True)
    return model.requires_grad_().eval()


def gradients(model):
    """Gradient of every parameter under its exported name, in the exported layout."""
    parameters = dict(model.named_parameters())
    for name, key, transposed in correspondence(model):
        if key in parameters:
            parameter = parameters[key]
            g = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
            yield name, g.T.contiguous() if transposed else g
