"""What is known of the lecture's networks, for tests to hold ours against.

By name: learned numbers, MACs for one image, and the receptive field of the last map's
pixels. For VGG and the ResNets the documentation of torchvision has the first two;
AlexNet as the lecture draws it, and GoogLeNet as its paper has it, are counted by hand.
"""

PUBLISHED: dict[str, tuple[int, int, int]] = {
    "LeNet-5": (61_706, 416_520, 16),
    "AlexNet, drawn": (50_844_008, 1_009_945_728, 195),
    "AlexNet, ungrouped": (62_378_344, 1_135_256_096, 195),
    "AlexNet, paper": (60_965_224, 724_406_816, 195),
    "VGG-16": (138_357_544, 15_470_264_320, 212),
    "VGG-19": (143_667_240, 19_632_062_464, 268),
    "GoogLeNet": (6_998_552, 1_582_671_872, 715),
    "ResNet-18": (11_689_512, 1_814_073_344, 435),
    "ResNet-34": (21_797_672, 3_663_761_408, 899),
    "ResNet-50": (25_557_032, 4_089_184_256, 427),
    "ResNet-101": (44_549_160, 7_801_405_440, 971),
    "ResNet-152": (60_192_808, 11_513_626_624, 1451),
}
