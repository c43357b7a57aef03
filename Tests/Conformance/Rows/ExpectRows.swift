/// RFC 9110 §10.1.1: Expect.
extension Row {
  static let expectRows: [Row] = [
    Row(
      "Expect: 100-continue with content gets a final response",
      .rfc9110("10.1.1", "MUST send either 100 or a final status"),
      .must,
      raw(
        "POST {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\n"
          + "Expect: 100-continue\r\n\r\n",
        "abc"
      ).gives(.status(200, 400, 403, 404, 405, 411, 413, 417, 501))
    ),
    Row(
      "a final status takes the place of 100",
      .rfc9110("10.1.1", "a final status may be sent at once"),
      .promise,
      raw(
        "GET {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\n"
          + "Expect: 100-continue\r\n\r\n",
        "abc"
      ).gives(.whole("plain.txt"))
    ),
    Row(
      "a final status in place of 100 ends the connection",
      .rfc9110("10.1.1", "SHOULD indicate whether it intends to close"),
      .promise,
      raw(
        "GET {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\n"
          + "Expect: 100-continue\r\n\r\n"
      ).gives(.whole("plain.txt"), .field("Connection", .has("close"))),
      ending: .closed
    ),
    Row(
      "Expect without content is ignored",
      .rfc9110("10.1.1", "MAY omit 100 where the request has no content"),
      .promise,
      get("plain.txt", "Expect: 100-continue").gives(.whole("plain.txt"))
    ),
    Row(
      "HTTP/1.0 gets no 100",
      .rfc9110("10.1.1", "MUST ignore 100-continue in HTTP/1.0"),
      .must,
      raw(
        "GET {prefix}plain.txt HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"
      ).gives(.status(200, 400, 413), .interim(false))
    ),
    Row(
      "an unknown expectation is ignored or 417",
      .rfc9110("10.1.1", "MAY respond 417 to other expectations"),
      .must,
      get("plain.txt", "Expect: a-miracle").gives(.status(200, 417))
    ),
  ]
}
