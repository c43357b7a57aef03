/// RFC 9112 §9.3 and §9.6: when a connection persists.
extension Row {
  static let persistenceRows: [Row] = [
    Row(
      "1.1 goes on",
      .rfc9112("9.3", "SHOULD support persistent connections"),
      .should,
      get("plain.txt").gives(.whole("plain.txt")),
      ending: .open
    ),
    Row(
      "a connection serves many requests in turn",
      .rfc9112("9.3", "SHOULD support persistent connections"),
      .should,
      (0..<30).map { index in
        index % 3 == 0 ? get("none").gives(.status(404)) : get("one.bin").gives(.whole("one.bin"))
      },
      ending: .open
    ),
    Row(
      "1.1 needs no Connection field to go on",
      .rfc9112("9.3", "1.1 persists unless close is said"),
      .promise,
      get("plain.txt").gives(.field("Connection", .absent)),
      ending: .open
    ),
    open("keep-alive", "Connection: keep-alive"),
    open("an empty Connection", "Connection:"),
    open("an option that is unknown", "Connection: strange"),
    open("an option that contains close", "Connection: closed, disclose"),
    open("Keep-Alive", "Keep-Alive: timeout=1, max=1"),
    open("an upgrade that is not wanted", "Connection: Upgrade\r\nUpgrade: h2c, websocket"),
    open("TE", "TE: trailers, deflate;q=0.5\r\nConnection: TE"),
    closed("close", "Connection: close"),
    closed("Close", "Connection: Close"),
    closed("close in a list", "Connection: keep-alive, close"),
    closed("close before another", "Connection: close , x"),
    closed("close with empty members", "Connection: ,, close,"),
    closed("close in a second line", "Connection: x\r\nConnection: close"),
    announced("200", get("plain.txt", "Connection: close"), 200),
    announced("404", get("none", "Connection: close"), 404),
    announced("304", get("plain.txt", "If-None-Match: *", "Connection: close"), 304),
    announced("HEAD", head("plain.txt", "Connection: close"), 200),
    announced("405", request("DELETE", "plain.txt", "Connection: close"), 405),
    announced("400", get(hostLines: "Connection: close\r\n"), 400),
    Row(
      "a large file is whole before the close",
      .rfc9112("9.6", "closes after the final response"),
      .must,
      get("huge.bin", "Connection: close").gives(.whole("huge.bin")),
      ending: .closed
    ),
    Row(
      "HTTP/1.0 ends the connection",
      .rfc9112("9.3", "1.0 without keep-alive: the connection closes"),
      .must,
      raw("GET {prefix}plain.txt HTTP/1.0\r\nHost: {host}\r\n\r\n").gives(
        .whole("plain.txt"),
        .field("Transfer-Encoding", .absent)
      ),
      ending: .closed
    ),
    Row(
      "HTTP/1.0 with keep-alive goes on if the response says so",
      .rfc9112("9.3", "1.0 with keep-alive: the server may persist and says so"),
      .must,
      version10("keep-alive").gives(.whole("plain.txt")),
      ending: .any
    ),
    Row(
      "HTTP/1.0 with keep-alive goes on",
      .rfc9112("9.3", "1.0 with keep-alive: the server may persist and says so"),
      .promise,
      version10("keep-alive").gives(
        .whole("plain.txt"),
        .field("Connection", .equals("keep-alive"))
      ),
      ending: .open
    ),
    Row(
      "HTTP/1.0 with Keep-Alive in capitals goes on",
      .rfc9110("7.6.1", "connection options are case-insensitive"),
      .promise,
      version10("Keep-Alive").gives(.whole("plain.txt")),
      ending: .open
    ),
    Row(
      "HTTP/1.0 with close and keep-alive ends",
      .rfc9112("9.3", "close goes before keep-alive"),
      .must,
      version10("keep-alive, close").gives(.whole("plain.txt")),
      ending: .closed
    ),
    Row(
      "HTTP/1.0 HEAD",
      .rfc9112("9.3", "1.0 without keep-alive: the connection closes"),
      .must,
      raw("HEAD {prefix}plain.txt HTTP/1.0\r\n\r\n").gives(.status(200)),
      ending: .closed
    ),
    Row(
      "a client that has sent all still gets its response",
      .rfc9112("9.6", "one side of a connection may be closed before the other"),
      .promise,
      get("huge.bin").gives(.whole("huge.bin")),
      sending: .halfClosed,
      ending: .closed
    ),
    Row(
      "a refused request says that the connection closes",
      .rfc9112("9.6", "SHOULD send close in the last response"),
      .should,
      get(lines: "Content-Length: x\r\n").gives(
        .status(400),
        .field("Connection", .has("close"))
      ),
      ending: .closed
    ),
    Row(
      "a refusal is readable though the client goes on sending",
      .rfc9112("9.6", "closes in stages, so that the last response is not lost"),
      .should,
      raw(
        "POST {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\nContent-Length: x\r\n\r\n"
          + String(repeating: "x", count: 100_000)
      ).gives(.status(400)),
      ending: .closed
    ),
  ]

  private static func open(_ name: String, _ lines: String) -> Row {
    Row(
      "1.1 goes on with \(name)",
      .rfc9112("9.3", "1.1 persists unless close is said"),
      .should,
      get(lines: lines + "\r\n").gives(.whole("plain.txt")),
      ending: .open
    )
  }

  private static func closed(_ name: String, _ lines: String) -> Row {
    Row(
      "1.1 ends with \(name)",
      .rfc9112("9.6", "MUST close after the response to a request with close"),
      .must,
      get(lines: lines + "\r\n").gives(.whole("plain.txt")),
      ending: .closed
    )
  }

  private static func announced(_ name: String, _ request: Request, _ code: Int) -> Row {
    Row(
      "a \(name) says that the connection closes",
      .rfc9112("9.6", "SHOULD send close in the last response"),
      .should,
      request.gives(.status(code), .field("Connection", .has("close"))),
      ending: .closed
    )
  }

  private static func version10(_ option: String) -> Request {
    raw("GET {prefix}plain.txt HTTP/1.0\r\nConnection: \(option)\r\n\r\n")
  }
}
