"""The application that slow clients occupy."""


def application(environ, start_response):
    if environ["PATH_INFO"] == "/large":
        start_response("200 OK", [("Content-Length", str(4 << 20))])
        return (b"x" * 65536 for _ in range(64))
    content = environ["wsgi.input"].read()
    text = str(len(content)).encode()
    start_response("200 OK", [("Content-Length", str(len(text)))])
    return [text]
