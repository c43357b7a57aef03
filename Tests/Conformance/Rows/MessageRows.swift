/// RFC 9112 §2: messages, line ends, versions.
extension Row {
  static let messageRows: [Row] = [
    Row(
      "an empty line before the request is ignored",
      .rfc9112("2.2", "SHOULD ignore at least one empty line before the request line"),
      .should,
      raw("\r\nGET {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\n\r\n").gives(
        .whole("plain.txt")
      )
    ),
    Row(
      "several empty lines before the request are ignored",
      .rfc9112("2.2", "SHOULD ignore at least one empty line before the request line"),
      .promise,
      raw("\r\n\r\n\r\nGET {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\n\r\n").gives(
        .whole("plain.txt")
      )
    ),
    Row(
      "CR alone is refused or a space",
      .rfc9112("2.2", "a bare CR MUST be invalid or replaced by SP"),
      .must,
      get(lines: "If-None-Match: \"x\"\rIf-None-Match: *\r\n").gives(
        .either([.status(400), .whole("plain.txt")])
      )
    ),
    Row(
      "a line that begins with space after the request line is no field",
      .rfc9112("2.2", "MUST reject it or skip the line"),
      .must,
      raw(
        "GET {prefix}plain.txt HTTP/1.1\r\n If-None-Match: *\r\nHost: {host}\r\n\r\n"
      ).gives(.either([.status(400), .whole("plain.txt")]))
    ),
    Row(
      "LF alone is a line end or refused",
      .rfc9112("2.2", "MAY recognise a single LF as a line end"),
      .must,
      raw("GET {prefix}plain.txt HTTP/1.1\nHost: {host}\n\n").gives(
        .either([.status(400), .whole("plain.txt")])
      )
    ),
    lenient(
      "LF alone ends no line",
      "MAY recognise a single LF as a line end",
      "GET {prefix}plain.txt HTTP/1.1\nHost: {host}\n\n"
    ),
    lenient(
      "LF alone ends no request line",
      "MAY recognise a single LF as a line end",
      "GET {prefix}plain.txt HTTP/1.1\nHost: {host}\r\n\r\n"
    ),
    lenient(
      "LF alone ends no head",
      "MAY recognise a single LF as a line end",
      "GET {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\n\n"
    ),
    lenient(
      "CR alone in a field value",
      "a bare CR MUST be invalid or replaced by SP",
      "GET {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\nA: b\rc\r\n\r\n"
    ),
    lenient(
      "CR CR LF after a field",
      "a bare CR MUST be invalid or replaced by SP",
      "GET {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\nA: b\r\r\n\r\n"
    ),
    lenient(
      "CR alone in the request line",
      "a bare CR MUST be invalid or replaced by SP",
      "GET {prefix}plain.txt HTTP/1.1\r\rHost: {host}\r\n\r\n"
    ),
    lenient(
      "a space before the first field",
      "MUST reject it or skip the line",
      "GET {prefix}plain.txt HTTP/1.1\r\n A: b\r\nHost: {host}\r\n\r\n"
    ),
    lenient(
      "a tab before the first field",
      "MUST reject it or skip the line",
      "GET {prefix}plain.txt HTTP/1.1\r\n\tHost: x\r\nHost: {host}\r\n\r\n"
    ),
    Row(
      "a head in two pieces",
      .rfc9112("2.2", "a message is parsed as octets, however they arrive"),
      .must,
      raw("GET {prefix}pla", "in.txt HTTP/1.1\r\nHost: {host}\r\n\r\n").gives(
        .whole("plain.txt")
      )
    ),
    Row(
      "a head cut inside its last CRLF",
      .rfc9112("2.2", "a message is parsed as octets, however they arrive"),
      .must,
      raw("GET {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\n\r", "\n").gives(
        .whole("plain.txt")
      )
    ),
    Row(
      "a head cut inside every CRLF",
      .rfc9112("2.2", "a message is parsed as octets, however they arrive"),
      .must,
      raw("\r", "\nGET {prefix}plain.txt HTTP/1.1\r", "\nHost: {host}\r", "\n\r", "\n").gives(
        .whole("plain.txt")
      )
    ),
    Row(
      "a TLS greeting is refused",
      .rfc9112("2.2", "SHOULD respond 400 and close to what is no request"),
      .should,
      raw("{hex:160301020001000001FC0303}\r\n\r\n").gives(.status(400)),
      ending: .closed
    ),
    Row(
      "the greeting of HTTP/2 is refused",
      .rfc9112("2.3", "a server of 1.x may refuse another major version"),
      .must,
      raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").mayGive(.status(400, 405, 501, 505)),
      ending: .closed
    ),
    Row(
      "HTTP/1.2 is read as 1.1",
      .rfc9110("2.5", "a higher minor version is processed as the highest known"),
      .must,
      request(line: "GET {prefix}plain.txt HTTP/1.2").gives(.whole("plain.txt"))
    ),
    Row(
      "HTTP/1.9 needs Host",
      .rfc9110("2.5", "a higher minor version is processed as the highest known"),
      .promise,
      raw("GET {prefix}plain.txt HTTP/1.9\r\n\r\n").gives(.status(400))
    ),
    version("HTTP/2.0", [400, 505]), version("HTTP/0.9", [400, 505]),
    version("HTTP/3", [400, 505]),
    version("http/1.1", [400, 505]), version("HTTP/1.10", [400, 505]),
    version("HTTP/11", [400, 505]),
    version("HTTP/1.", [400, 505]), version("HTTP/+1.1", [400, 505]),
    version("HTTP/1,1", [400, 505]), version("HTTP/1.x", [400, 505]),
    version("HTP/1.1", [400, 505]),
    version("HTTPS/1.1", [400, 505]), version("HTTP /1.1", [400, 505]),
  ]

  /// Where an RFC allows lenient parsing, staticd rejects the message.
  private static func lenient(_ name: String, _ requirement: String, _ text: String) -> Row {
    Row(
      name,
      .rfc9112("2.2", requirement),
      .promise,
      raw(text).gives(.status(400)),
      ending: .closed
    )
  }

  private static func version(_ text: String, _ codes: [Int]) -> Row {
    Row(
      "the version \(text) is refused",
      .rfc9112("2.3", "HTTP-version = HTTP / DIGIT . DIGIT, case-sensitive"),
      .should,
      request(line: "GET {prefix}plain.txt \(text)").gives(.statuses(codes)),
      ending: .closed
    )
  }
}
