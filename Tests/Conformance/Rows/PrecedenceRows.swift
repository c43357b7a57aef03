/// RFC 9110 §13.2.2: the order in which preconditions are evaluated.
extension Row {
  static let precedenceRows: [Row] = [
    order(
      "If-Match true, If-None-Match false",
      ["If-Match: {strong}", "If-None-Match: {etag}"],
      .status(304)
    ),
    order(
      "If-Match false, If-None-Match false",
      ["If-Match: \"x\"", "If-None-Match: {etag}"],
      .status(412)
    ),
    order(
      "If-Match true hides If-Unmodified-Since",
      ["If-Match: {strong}", "If-Unmodified-Since: {earlier}"],
      .whole("plain.txt")
    ),
    order(
      "If-Match false with If-Unmodified-Since true",
      ["If-Match: \"x\"", "If-Unmodified-Since: {modified}"],
      .status(412)
    ),
    order(
      "If-Match: * hides If-Unmodified-Since",
      ["If-Match: *", "If-Unmodified-Since: {earlier}"],
      .whole("plain.txt")
    ),
    order(
      "If-Unmodified-Since false, If-None-Match false",
      ["If-Unmodified-Since: {earlier}", "If-None-Match: {etag}"],
      .status(412)
    ),
    order(
      "If-Unmodified-Since true, If-None-Match false",
      ["If-Unmodified-Since: {modified}", "If-None-Match: {etag}"],
      .status(304)
    ),
    order(
      "If-None-Match true hides If-Modified-Since",
      ["If-None-Match: \"x\"", "If-Modified-Since: {modified}"],
      .whole("plain.txt")
    ),
    order(
      "If-None-Match false hides If-Modified-Since",
      ["If-None-Match: {etag}", "If-Modified-Since: {earlier}"],
      .status(304)
    ),
    order(
      "the order of the lines does not count",
      ["If-Modified-Since: {modified}", "If-None-Match: \"x\""],
      .whole("plain.txt")
    ),
    order(
      "If-None-Match false with Range",
      ["If-None-Match: {etag}", "Range: bytes=0-0"],
      .status(304)
    ),
    order(
      "If-None-Match true with Range",
      ["If-None-Match: \"x\"", "Range: bytes=0-0"],
      .partOrWhole("plain.txt", 0..<1)
    ),
    order(
      "If-None-Match false with a range beyond the end",
      ["If-None-Match: {etag}", "Range: bytes=5000-"],
      .status(304)
    ),
    order(
      "If-Match false with Range",
      ["If-Match: \"x\"", "Range: bytes=0-0"],
      .status(412)
    ),
    order(
      "If-Match false with a range beyond the end",
      ["If-Match: \"x\"", "Range: bytes=5000-"],
      .status(412)
    ),
    order(
      "If-Match true with Range",
      ["If-Match: {strong}", "Range: bytes=0-0"],
      .partOrWhole("plain.txt", 0..<1)
    ),
    order(
      "If-Match true, If-Range false",
      ["If-Match: {strong}", "If-Range: \"x\"", "Range: bytes=0-0"],
      .whole("plain.txt")
    ),
    order(
      "If-None-Match false, If-Range true",
      ["If-None-Match: {etag}", "If-Range: {strong}", "Range: bytes=0-0"],
      .status(304)
    ),
    Row(
      "conditions: If-Modified-Since false with Range",
      .rfc9110("13.2.2", "Range comes after the conditions"),
      .should,
      get("plain.txt", "If-Modified-Since: {modified}", "Range: bytes=0-0").gives(.status(304))
    ),
    Row(
      "conditions do not save an invalid request",
      .rfc9110("13.2.1", "conditions come after the normal request checks"),
      .must,
      raw("GET {prefix}plain.txt HTTP/1.1\r\nIf-None-Match: *\r\n\r\n").gives(.status(400))
    ),
  ]

  private static func order(
    _ name: String,
    _ fields: [String],
    _ expectation: Expectation
  ) -> Row {
    let lines = fields.map { $0 + "\r\n" }.joined()
    return Row(
      "conditions: \(name)",
      .rfc9110("13.2.2", "conditions MUST be evaluated in this order"),
      .must,
      get(lines: lines).gives(expectation)
    )
  }
}
