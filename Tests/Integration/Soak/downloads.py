"""What a download consists of; known to the application and to its clients."""


def block(identifier):
    """64 KiB that tell whose they are."""
    line = f"{identifier}\n".encode()
    return (line * (65536 // len(line) + 1))[:65536]
