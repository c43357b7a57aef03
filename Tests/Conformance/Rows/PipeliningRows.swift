/// RFC 9112 §9.3.2: several requests before the first response.
extension Row {
  static let pipeliningRows: [Row] = [
    pipelined(
      "files of every size",
      [
        get("one.bin").gives(.whole("one.bin")), get("huge.bin").gives(.whole("huge.bin")),
        get("empty.txt").gives(.whole("empty.txt")), get("large.bin").gives(.whole("large.bin")),
        get("plain.txt").gives(.whole("plain.txt")),
      ]
    ),
    pipelined(
      "HEAD among GET",
      [
        head("huge.bin").gives(.status(200)), get("one.bin").gives(.whole("one.bin")),
        head("plain.txt").gives(.status(200)), get("plain.txt").gives(.whole("plain.txt")),
      ]
    ),
    pipelined(
      "a 404 among them",
      [
        get("one.bin").gives(.whole("one.bin")), get("none").gives(.status(404)),
        get("plain.txt").gives(.whole("plain.txt")),
      ]
    ),
    pipelined(
      "a 304 among them",
      [
        get("plain.txt", "If-None-Match: {etag}").gives(.status(304)),
        get("plain.txt").gives(.whole("plain.txt")),
        get("plain.txt", "If-None-Match: {etag}").gives(.status(304)),
      ]
    ),
    pipelined(
      "codings in turn",
      [
        get("text.txt", "Accept-Encoding: br").gives(.whole("text.txt", in: "br", "identity")),
        get("text.txt", "Accept-Encoding: identity").gives(.whole("text.txt")),
        get("text.txt", "Accept-Encoding: gzip").gives(.whole("text.txt", in: "gzip", "identity")),
      ]
    ),
    pipelined(
      "a hundred",
      (0..<100).map { index in
        index % 2 == 0
          ? get("one.bin").gives(.whole("one.bin")) : get("plain.txt").gives(.whole("plain.txt"))
      }
    ),
    pipelined(
      "an empty line between them",
      [
        raw("GET {prefix}one.bin HTTP/1.1\r\nHost: {host}\r\n\r\n\r\n").gives(.whole("one.bin")),
        get("plain.txt").gives(.whole("plain.txt")),
      ]
    ),
    pipelined(
      "a cut inside the second",
      [
        get("one.bin").gives(.whole("one.bin")),
        raw("GET {prefix}pl", "ain.txt HTTP/1.1\r\nHost: {host}\r\n\r\n").gives(
          .whole("plain.txt")
        ),
      ]
    ),
    Row(
      "pipelined: OPTIONS and 405 among GET",
      .rfc9112("9.3.2", "MUST send responses in the order of the requests"),
      .promise,
      request("OPTIONS", "plain.txt").gives(.status(204)),
      get("one.bin").gives(.whole("one.bin")),
      request("DELETE", "plain.txt").gives(.status(405)),
      get("plain.txt").gives(.whole("plain.txt")),
      sending: .pipelined,
      ending: .open
    ),
    Row(
      "pipelined: nothing is answered after close",
      .rfc9112("9.6", "MUST NOT process requests after one with close"),
      .must,
      get("plain.txt", "Connection: close").gives(.whole("plain.txt")),
      get("one.bin").givesNothing,
      sending: .pipelined,
      ending: .closed
    ),
    Row(
      "pipelined: nothing is answered after HTTP/1.0",
      .rfc9112("9.3", "1.0 without keep-alive: the connection closes"),
      .must,
      raw("GET {prefix}plain.txt HTTP/1.0\r\n\r\n").gives(.whole("plain.txt")),
      get("one.bin").givesNothing,
      sending: .pipelined,
      ending: .closed
    ),
    Row(
      "pipelined: what came before an invalid request is answered",
      .rfc9112("9.3.2", "MUST send responses in the order of the requests"),
      .must,
      get("plain.txt").gives(.whole("plain.txt")),
      raw("GET {prefix}one.bin HTTP/1.1\r\n\r\n").gives(.status(400)),
      sending: .pipelined
    ),
    Row(
      "pipelined: nothing is answered after a length that is invalid",
      .rfc9112("6.3", "invalid Content-Length: MUST respond 400 and close"),
      .must,
      get(lines: "Content-Length: 1, 2\r\n").gives(.status(400)),
      get("one.bin").givesNothing,
      sending: .pipelined,
      ending: .closed
    ),
    Row(
      "pipelined: the client ends its side after three",
      .rfc9112("9.6", "one side of a connection may be closed before the other"),
      .promise,
      get("one.bin").gives(.whole("one.bin")),
      get("huge.bin").gives(.whole("huge.bin")),
      get("plain.txt").gives(.whole("plain.txt")),
      sending: .halfClosed,
      ending: .closed
    ),
  ]

  private static func pipelined(_ name: String, _ exchanges: [Exchange]) -> Row {
    Row(
      "pipelined: \(name)",
      .rfc9112("9.3.2", "MUST send responses in the order of the requests"),
      .must,
      exchanges,
      sending: .pipelined
    )
  }
}
