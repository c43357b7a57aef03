"""The content of a download, known to the application and to its clients."""


def block(identifier):
    """64 KiB that identify the download."""
    line = f"{identifier}\n".encode()
    return (line * (65536 // len(line) + 1))[:65536]
