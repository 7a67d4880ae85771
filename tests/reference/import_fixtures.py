"""Write the small files by which the trainer's import is tested, and what PyTorch computes from them.

    python3 tests/reference/import_fixtures.py tests/reference/fixtures/import

Two networks with random weights, each in the names and containers in which its big siblings are found: a text tower
as CLIP's, and residual networks as torchvision's. `expected.json` holds their inputs and outputs.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

import fixture

VOCABULARY, POSITIONS, WIDTH, MLP, LAYERS, EMBEDDING = 40, 8, 16, 32, 2, 12
CONTEXT, PROMPTS = 6, 4  # fewer positions to a prompt than the tower has
END = 3 * CONTEXT + 4  # of the last prompt


# The text tower, its parameters named as OpenAI and OpenCLIP name them.


class QuickGelu(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn = nn.MultiheadAttention(WIDTH, 1, batch_first=True)  # 64 to a head, at least one
        self.ln_1, self.ln_2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.mlp = nn.Sequential()
        self.mlp.add_module("c_fc", nn.Linear(WIDTH, MLP))
        self.mlp.add_module("gelu", QuickGelu())
        self.mlp.add_module("c_proj", nn.Linear(MLP, WIDTH))

    def forward(self, x, mask):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=mask)[0]
        return x + self.mlp(self.ln_2(x))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.resblocks = nn.ModuleList(Block() for _ in range(LAYERS))


class Tower(nn.Module):
    def __init__(self):
        super().__init__()
        self.transformer = Transformer()
        self.token_embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.positional_embedding = nn.Parameter(torch.randn(POSITIONS, WIDTH))
        self.ln_final = nn.LayerNorm(WIDTH)
        self.text_projection = nn.Parameter(torch.randn(WIDTH, EMBEDDING) * WIDTH**-0.5)

    def chain(self, tokens):
        """Our layout: four prompts in a row, each with the first positions, read at the last end token."""
        x = self.token_embedding(tokens) + self.positional_embedding[:CONTEXT].repeat(PROMPTS, 1)
        mask = torch.full((len(tokens),) * 2, -torch.inf, dtype=x.dtype).triu(1)
        x = x[None]
        for block in self.transformer.resblocks:
            x = block(x, mask)
        return self.ln_final(x[0, END]) @ self.text_projection


HUGGING_FACE = {
    "token_embedding": "text_model.embeddings.token_embedding",
    "positional_embedding": "text_model.embeddings.position_embedding.weight",
    "transformer.resblocks": "text_model.encoder.layers",
    "attn.out_proj": "self_attn.out_proj",
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
    "ln_final": "text_model.final_layer_norm",
}


def hugging_face(state):
    """The same weights in Hugging Face's names. The projection stays a transposed view, as in converted files."""
    renamed = {}
    for name, x in state.items():
        for here, there in HUGGING_FACE.items():
            name = name.replace(here, there)
        if name == "text_projection":
            renamed["text_projection.weight"] = x.T
        elif "attn.in_proj_" in name:
            for part, y in zip("qkv", x.chunk(3), strict=True):
                renamed[name.replace("attn.in_proj_", f"self_attn.{part}_proj.")] = y.clone()
        else:
            renamed[name] = x
    return renamed


# Residual networks, their parameters named as torchvision names them.


class ResidualBlock(nn.Module):
    def __init__(self, inputs, inner, outputs, stride, bottleneck):
        super().__init__()
        side, strides = (1, (1, stride)) if bottleneck else (3, (stride, 1))
        self.conv1 = nn.Conv2d(inputs, inner, side, strides[0], side // 2, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, strides[1], 1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3 = nn.Conv2d(inner, outputs, 1, bias=False) if bottleneck else None
        self.bn3 = nn.BatchNorm2d(outputs) if bottleneck else None
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.conv3 is not None:
            y = self.bn3(self.conv3(F.relu(y)))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, stem, widths, blocks, bottleneck):
        super().__init__()
        self.conv1 = nn.Conv2d(3, stem, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(stem)
        self.stages = len(widths)
        inputs = stem
        for stage, (inner, count) in enumerate(zip(widths, blocks, strict=True)):
            outputs = 4 * inner if bottleneck else inner
            layer = nn.Sequential()
            for index in range(count):
                stride = 2 if stage and not index else 1
                layer.append(ResidualBlock(inputs, inner, outputs, stride, bottleneck))
                inputs = outputs
            setattr(self, f"layer{stage + 1}", layer)
        self.fc = nn.Linear(inputs, 10)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                nn.init.normal_(module.weight, 1, 0.2)
                nn.init.normal_(module.bias, std=0.2)
                nn.init.normal_(module.running_mean, std=0.2)
                nn.init.uniform_(module.running_var, 0.5, 2)

    def features(self, pixels):
        """What the global mean leaves of faces [batch, 3, 224, 224] of whole numbers 0 to 255."""
        mean, deviation = pixels.new_tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]])[:, :, None, None]
        x = F.relu(self.bn1(self.conv1((pixels / 255 - mean) / deviation)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return x.mean((2, 3))


def faces():
    """Pixels that the test makes in the same way."""
    b, c, y, x = torch.meshgrid(*(torch.arange(n) for n in (2, 3, 224, 224)), indexing="ij")
    return ((x * x + 3 * x * y + 7 * y + 61 * c + 29 * b) % 256).double()


def cast(state, dtype):
    return {name: x.to(dtype) if x.is_floating_point() else x for name, x in state.items()}


def computed(build, state, function):
    """Of a network with these weights, as they are stored, in float64."""
    network = build()
    network.load_state_dict(cast(state, torch.float64), strict=True, assign=True)
    return fixture.digits(function(network.double().eval()).tolist())


def write_towers(out):
    tower = Tower().eval()
    for block in tower.transformer.resblocks:
        for norm in (block.ln_1, block.ln_2):
            nn.init.normal_(norm.weight, 1, 0.1)
            nn.init.normal_(norm.bias, std=0.1)
        nn.init.normal_(block.attn.in_proj_bias, std=0.1)
        nn.init.normal_(block.attn.out_proj.bias, std=0.1)
    state = {name: x.detach() for name, x in tower.state_dict().items()}
    half = cast(state, torch.float16)
    rest = {"logit_scale": torch.tensor(4.6), "visual.conv1.weight": torch.zeros(2, 3, 4, 4)}

    hugging = hugging_face(state)
    positions = {"text_model.embeddings.position_ids": torch.arange(POSITIONS)[None]}
    torch.save(hugging | positions, out / "clip_huggingface.pt")
    contiguous = {name: x.contiguous() for name, x in hugging.items()}
    save_file(contiguous | {"vision_model.post_layernorm.bias": torch.zeros(2)}, out / "clip_huggingface.safetensors")
    # As OpenCLIP's training writes it.
    below = {f"module.{name}": x for name, x in (state | rest).items()}
    optimizer = {"state": {0: {"exp_avg": torch.zeros(3)}}, "param_groups": [{"lr": 1e-3, "betas": (0.9, 0.98)}]}
    torch.save({"epoch": 3, "name": "tiny", "state_dict": below, "optimizer": optimizer}, out / "clip_openclip.pt")
    save_file(half | rest, out / "clip_openai_f16.safetensors")
    tokens = torch.randint(1, VOCABULARY, (PROMPTS * CONTEXT,))
    return {
        "context": CONTEXT,
        "tokens": tokens.tolist(),
        "end": END,
        "f32": computed(Tower, state, lambda network: network.chain(tokens)),
        "f16": computed(Tower, half, lambda network: network.chain(tokens)),
    }


def write_resnets(out):
    def basic():
        return ResNet(4, [4, 8], [1, 2], bottleneck=False)

    def bottleneck():
        return ResNet(4, [2, 3], [1, 1], bottleneck=True)

    # Memory in channels-last order, as networks trained so are saved.
    state = basic().to(memory_format=torch.channels_last).state_dict()
    torch.save(state, out / "resnet_basic.pt")
    deep = bottleneck().state_dict()
    save_file(deep, out / "resnet_bottleneck.safetensors")
    rounded = cast(deep, torch.bfloat16)
    torch.save({"model": {f"module.{name}": x for name, x in rounded.items()}}, out / "resnet_bottleneck_bf16.pt")

    pixels = faces()
    return {
        "basic": computed(basic, state, lambda network: network.features(pixels)),
        "bottleneck": computed(bottleneck, deep, lambda network: network.features(pixels)),
        "bottleneck_bf16": computed(bottleneck, rounded, lambda network: network.features(pixels)),
    }


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    with torch.no_grad():
        fixture.write(out / "expected.json", {"clip": write_towers(out), "resnet": write_resnets(out)})


if __name__ == "__main__":
    main()
