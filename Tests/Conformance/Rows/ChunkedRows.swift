/// RFC 9112 §6.1, §6.3 and §7.1: Transfer-Encoding of a request.
extension Row {
  static let chunkedRows: [Row] = [
    Row(
      "chunked: content is skipped or the connection closed",
      .rfc9112("6.3", "a server MUST be able to decode chunked"),
      .must,
      raw("\(start)Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").gives(answered),
      get("one.bin").mayGive(.whole("one.bin")),
      sending: .pipelined
    ),
    Row(
      "chunked: no content",
      .rfc9112("7.1", "a recipient MUST be able to parse chunked"),
      .must,
      raw("\(start)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n").gives(answered),
      get("one.bin").mayGive(.whole("one.bin")),
      sending: .pipelined
    ),
    Row(
      "chunked: extensions and trailers",
      .rfc9112("7.1.1", "MUST ignore unrecognised chunk extensions"),
      .must,
      raw(
        "\(start)Transfer-Encoding: chunked\r\n\r\n3;a=b;c=\"d\"\r\nabc\r\n0\r\nA: b\r\n\r\n"
      ).gives(answered),
      get("one.bin").mayGive(.whole("one.bin")),
      sending: .pipelined
    ),
    Row(
      "chunked: the name is case-insensitive",
      .rfc9112("7", "transfer coding names are case-insensitive"),
      .must,
      raw("\(start)Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n").gives(
        .either([.whole("plain.txt"), .status(411)])
      )
    ),
    Row(
      "chunked: staticd answers without a look at the content",
      .rfc9110("9.3.1", "content in a GET has no meaning"),
      .promise,
      raw("\(start)Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").gives(
        .whole("plain.txt")
      )
    ),
    Row(
      "chunked: content is dropped and the connection goes on",
      .rfc9112("9.3", "a server that reads the whole content may go on"),
      .promise,
      raw(
        "\(start)Transfer-Encoding: chunked\r\n\r\n3;a=\"b\"\r\nabc\r\n",
        "0\r\nA: b\r\n\r\n"
      ).gives(.whole("plain.txt")),
      get("one.bin").gives(.whole("one.bin")),
      sending: .pipelined,
      ending: .open
    ),
    Row(
      "chunk: malformed is refused",
      .rfc9112("7.1", "MUST NOT go on behind invalid chunks"),
      .promise,
      raw("\(start)Transfer-Encoding: chunked\r\n\r\n", "3;\n\r\nabc\r\n0\r\n\r\n").gives(
        .status(400)
      ),
      ending: .closed
    ),
    Row(
      "chunked with Content-Length closes the connection",
      .rfc9112("6.1", "MUST close after a request with both fields"),
      .must,
      raw(
        "\(start)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
          + "GET {prefix}one.bin HTTP/1.1\r\nHost: {host}\r\n\r\n"
      ).gives(.either([.whole("plain.txt"), .status(400)])),
      ending: .closed
    ),
    both("chunked first", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
    both("length first", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
    both("a length of 0", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"),
    Row(
      "chunked in HTTP/1.0 closes the connection",
      .rfc9112("6.1", "MUST treat it as faulty and close"),
      .must,
      raw(
        "GET {prefix}plain.txt HTTP/1.0\r\nConnection: keep-alive\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      ).gives(.status(200, 400)),
      ending: .closed
    ),
    Row(
      "chunked in HTTP/1.0 is refused",
      .rfc9112("6.1", "MUST treat it as faulty and close"),
      .promise,
      raw("GET {prefix}plain.txt HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").gives(
        .status(400)
      ),
      ending: .closed
    ),
    unknown("gzip", "gzip"), unknown("a name that ends in chunked", "xchunked"),
    unknown("a name that begins with chunked", "chunkedx"),
    unknown("gzip before chunked", "gzip, chunked"), unknown("identity", "identity"),
    notLast("gzip after chunked", "chunked, gzip"),
    notLast("chunked twice", "chunked, chunked"),
    notLast("chunked in two lines", "chunked\r\nTransfer-Encoding: chunked"),
    notLast("identity after chunked", "chunked, identity"),
    notLast("chunked with a parameter", "chunked;a=b"),
    notLast("chunked in quotes", "\"chunked\""),
    notLast("a vertical tab before chunked", "{hex:0B}chunked"),
    bad("a size that is no number", "x\r\nabc\r\n0\r\n\r\n"),
    bad("a size with a prefix", "0x3\r\nabc\r\n0\r\n\r\n"),
    bad("a size below zero", "-3\r\nabc\r\n0\r\n\r\n"),
    bad("a size beyond 64 bits", "10000000000000003\r\nabc\r\n0\r\n\r\n"),
    bad("no size", "\r\nabc\r\n0\r\n\r\n"),
    bad("data longer than the size", "3\r\nabcd\r\n0\r\n\r\n"),
    bad("a line feed in an extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"),
    bad("a trailer without a colon", "3\r\nabc\r\n0\r\nA b\r\n\r\n"),
  ]

  private static let start = "GET {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\n"

  /// A file server ignores content: it may also require a length (§15.5.12) or reject content.
  private static let answered = Expectation.status(200, 400, 411, 413)

  private static func both(_ name: String, _ lines: String) -> Row {
    Row(
      "chunked with Content-Length is refused: \(name)",
      .rfc9112("6.1", "MAY reject a request with both fields"),
      .promise,
      raw("\(start)\(lines)\r\n0\r\n\r\n").gives(.status(400)),
      ending: .closed
    )
  }

  private static func unknown(_ name: String, _ value: String) -> Row {
    Row(
      "transfer coding: \(name)",
      .rfc9112("6.1", "an unknown transfer coding SHOULD be 501, 400 if chunked is not last"),
      .should,
      raw("\(start)Transfer-Encoding: \(value)\r\n\r\n0\r\n\r\n").gives(.status(400, 501)),
      ending: .closed
    )
  }

  private static func notLast(_ name: String, _ value: String) -> Row {
    Row(
      "transfer coding: \(name)",
      .rfc9112("6.3", "chunked not final: MUST respond 400 and close; unknown: 501"),
      .must,
      raw("\(start)Transfer-Encoding: \(value)\r\n\r\n0\r\n\r\n").gives(.status(400, 501)),
      ending: .closed
    )
  }

  /// Bytes after a malformed chunk are not read as a request.
  private static func bad(_ name: String, _ content: String) -> Row {
    Row(
      "chunk: \(name) ends the connection",
      .rfc9112("7.1", "MUST NOT go on behind invalid chunks"),
      .must,
      raw(
        "\(start)Transfer-Encoding: chunked\r\n\r\n\(content)"
          + "GET {prefix}one.bin HTTP/1.1\r\nHost: {host}\r\n\r\n"
      ).mayGive(.status(200, 400, 411, 413)),
      ending: .closed
    )
  }
}
