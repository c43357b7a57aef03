/// Where a message ends. Source: RFC 9112 §6, §7, §11.2.
extension HostileRequest {
  static let lengths: [HostileRequest] = {
    let values = [
      "2, 2", "2,2", "+2", "-1", "2 2", "0x2", "2;", "", "99999999999999999999", "1_0", "2.0",
      "\u{B}2",
      "2\u{0}", "2\u{B}", "\u{664}", "1e1", "2\r\nContent-Length: 2", "2\r\nContent-Length: 44",
      "44\r\nContent-Length: 2", "2\r\ncontent-length: 3",
    ]
    return values.map {
      HostileRequest(
        "Content-Length: \($0.debugDescription)",
        post("Content-Length: \($0)", "ab" + hidden),
        .refused([400])
      )
    } + [
      HostileRequest(
        "a length with an underscore",
        post("Content_Length: 0\r\nContent-Length: \(hidden.utf8.count)", hidden),
        .forwarded(1)
      ),
      HostileRequest(
        "a length behind a space",
        post("Content-Length : 0\r\nContent-Length: \(hidden.utf8.count)", hidden),
        .refused([400])
      ),
      HostileRequest(
        "a length that Connection names",
        post("Connection: Content-Length\r\nContent-Length: \(hidden.utf8.count)", hidden),
        .forwarded(1)
      ),
    ]
  }()

  static let codings: [HostileRequest] = {
    let content = "0\r\n\r\n" + hidden
    let values = [
      "xchunked", "gzip, chunked", "chunked, identity", "identity", "chunked, chunked",
      "chunked;q=1",
      "\u{B}chunked", "chunked\u{B}", "\"chunked\"", "chun\tked", "", ",", "chunkedx", "cow",
      "chunked\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding: identity",
      "identity\r\nTransfer-Encoding: chunked", "\u{A0}chunked", "chunked\u{0}",
      "chunked\u{0},identity",
    ]
    let lengths = ["Content-Length: 5\r\n", "Content-Length: \(content.utf8.count)\r\n"]
    return values.map {
      HostileRequest(
        "Transfer-Encoding: \($0.debugDescription)",
        post("Transfer-Encoding: \($0)", content),
        .refused([400, 501])
      )
    }
      + lengths.flatMap { length in
        [
          length + "Transfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\n" + length.dropLast(2),
        ]
      }.map { HostileRequest("both: \($0.debugDescription)", post($0, content), .refused([400])) }
      + [
        HostileRequest(
          "chunked in HTTP/1.0",
          "POST /page HTTP/1.0\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + content,
          .refused([400])
        ),
        HostileRequest(
          "a coding behind a space",
          post("Transfer-Encoding : chunked\r\nContent-Length: 5", content),
          .refused([400])
        ),
        HostileRequest(
          "a coding with an underscore",
          post("Transfer_Encoding: chunked\r\nContent-Length: \(content.utf8.count)", content),
          .forwarded(1)
        ),
        HostileRequest(
          "a coding with a dot",
          post("Transfer.Encoding: chunked\r\nContent-Length: \(content.utf8.count)", content),
          .forwarded(1)
        ),
        HostileRequest(
          "a coding in capitals",
          post("TRANSFER-ENCODING: ChUnKeD", "3\r\nabc\r\n0\r\n\r\n"),
          .forwarded(1)
        ),
        HostileRequest(
          "a coding that Connection names",
          post(
            "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked",
            "3\r\nabc\r\n0\r\n\r\n"
          ),
          .forwarded(1)
        ),
        HostileRequest(
          "a coding on a folded line",
          post("X: a\r\n Transfer-Encoding: chunked", content),
          .refused([400])
        ),
        HostileRequest(
          "a coding on a line of its own behind its name",
          post("Transfer-Encoding:\r\n chunked", content),
          .refused([400, 501])
        ),
        HostileRequest(
          "a coding whose name ends with NUL",
          post("Transfer-Encoding\u{0}: chunked", content),
          .refused([400])
        ),
      ]
  }()

  static let chunks: [HostileRequest] = {
    let bodies = [
      "g\r\nabc\r\n0\r\n\r\n", "-1\r\na\r\n0\r\n\r\n", "+3\r\nabc\r\n0\r\n\r\n",
      "0x3\r\nabc\r\n0\r\n\r\n",
      " 3\r\nabc\r\n0\r\n\r\n", "3 \r\nabc\r\n0\r\n\r\n", "3\nabc\r\n0\r\n\r\n",
      "3\r\nabc\n0\r\n\r\n",
      "3\r\nabcd\r\n0\r\n\r\n", "3\r\nab\r\n0\r\n\r\n", "ffffffffffffffff1\r\nabc\r\n0\r\n\r\n",
      "10000000000000003\r\nabc\r\n0\r\n\r\n", "fffffffffffffffe\r\nabc\r\n0\r\n\r\n",
      "\r\nabc\r\n0\r\n\r\n",
      "3;a\nb\r\nabc\r\n0\r\n\r\n", "3;a\rb\r\nabc\r\n0\r\n\r\n", "3;\u{0}\r\nabc\r\n0\r\n\r\n",
      "3\r\nabc\r\n0\r\nX: a\n\r\n", "3\r\nabc\r\n0\r\nnonsense\r\n\r\n",
      "3\r\nabc\r\n0\r\n folded: a\r\n\r\n",
      "3\r\nabc\r\n0\r\nX\u{0}: a\r\n\r\n", "3\r\nabc\r\n0\r\nX : a\r\n\r\n", "3\r\nabc\r\n0\r\n",
      "3\r\nabc", "3;" + String(repeating: "a", count: 70_000) + "\r\nabc\r\n0\r\n\r\n",
      "3_0\r\nabc\r\n0\r\n\r\n",
      "\u{B}3\r\nabc\r\n0\r\n\r\n", "3,\r\nabc\r\n0\r\n\r\n",
    ]
    return bodies.map {
      HostileRequest(
        "chunks: \($0.prefix(40).debugDescription)",
        post("Transfer-Encoding: chunked", $0 + hidden),
        .refused([400])
      )
    } + [
      HostileRequest(
        "a trailer that frames",
        post(
          "Transfer-Encoding: chunked",
          "3\r\nabc\r\n0\r\nContent-Length: 99\r\nTransfer-Encoding: \(mark)\r\nHost: \(mark)\r\n\r\n"
        ),
        .forwarded(1)
      ),
      HostileRequest(
        "a trailer that forges",
        post(
          "Transfer-Encoding: chunked",
          "0\r\nX-Forwarded-For: \(mark)\r\nX-Real-IP: \(mark)\r\n\r\n"
        ),
        .forwarded(1)
      ),
      HostileRequest(
        "an extension that looks like a head",
        post("Transfer-Encoding: chunked", "3;x=\"\(mark)\"\r\nabc\r\n0\r\n\r\n"),
        .forwarded(1)
      ),
      HostileRequest(
        "zeros before a size",
        post("Transfer-Encoding: chunked", "0003\r\nabc\r\n0000\r\n\r\n"),
        .forwarded(1)
      ),
    ]
  }()

  /// Content that looks like a request.
  static let contents: [HostileRequest] =
    ["GET", "HEAD", "DELETE", "POST", "PUT", "PATCH", "OPTIONS", "PROPFIND"].map {
      HostileRequest(
        "\($0) with a request as content",
        "\($0) /page HTTP/1.1\r\nHost: test\r\nContent-Length: \(hidden.utf8.count)\r\n\r\n\(hidden)",
        .forwarded(1)
      )
    } + [
      HostileRequest(
        "less content than was said",
        post("Content-Length: 100", hidden),
        .refused([0, 400, 408])
      ),
      HostileRequest(
        "a request behind one that is refused",
        get("nonsense") + hidden,
        .refused([400])
      ),
      HostileRequest(
        "nonsense behind a request",
        get("A: b") + "\u{0}\u{1}\u{2}\r\n\r\n" + hidden,
        .forwarded(1)
      ),
      HostileRequest(
        "an expectation, and the content at once",
        post("Expect: 100-continue\r\nContent-Length: \(hidden.utf8.count)", hidden),
        .forwarded(1)
      ),
      HostileRequest(
        "an unknown expectation",
        post("Expect: 200-ok\r\nContent-Length: \(hidden.utf8.count)", hidden),
        .refused([417])
      ),
    ]
}
