/// RFC 9110 §12.4.2 and §12.5.3: weights and their syntax.
extension Row {
  static let weightRows: [Row] = [
    refusal("gzip;q=0", "gzip;q=0"),
    refusal("three decimals", "gzip;q=0.000"),
    refusal("a point without decimals", "gzip;q=0."),
    refusal("spaces around the semicolon", "gzip ; q=0"),
    refusal("tabs around the semicolon", "gzip\t;\tq=0"),
    refusal("a capital Q", "gzip;Q=0"),
    refusal("a capital coding", "GZip;q=0"),
    refusal("* after it", "gzip;q=0, *;q=0"),
    refusal("the second line of the field", "br;q=0\r\nAccept-Encoding: gzip;q=0"),
    refusal("empty members before it", ", ,gzip;q=0"),
    Row(
      "br;q=0 is not br",
      .rfc9110("12.4.2", "a weight of 0 means not acceptable"),
      .must,
      get("text.txt", "Accept-Encoding: br;q=0, gzip").gives(
        .whole("text.txt", in: "gzip", "identity")
      )
    ),
    Row(
      "*;q=0 refuses what is not listed",
      .rfc9110("12.5.3", "* matches any coding not listed"),
      .must,
      get("text.txt", "Accept-Encoding: *;q=0, gzip;q=0.1, identity;q=0.1").gives(
        .whole("text.txt", in: "gzip", "identity")
      )
    ),
    preferred("br;q=0.5, gzip;q=1", "gzip"),
    preferred("gzip;q=0.5, br;q=1.0", "br"),
    preferred("gzip;q=0.8, br;q=0.799", "gzip"),
    preferred("identity;q=1, gzip;q=0.5, br;q=0.5", "identity"),
    preferred("gzip;q=0.3, *;q=0.2", "gzip"),
    weighed("the least weight there is", "gzip;q=0.001", "gzip"),
    weighed("1.000", "gzip;q=1.000", "gzip"),
    weighed("identity;q=0 with gzip", "identity;q=0, gzip;q=0.1", "gzip"),
    weighed("lists over two lines", "gzip;q=0\r\nAccept-Encoding: br", "br"),
    weighed("empty members", ", ,gzip,,", "gzip"),
    weighed("a weight above 1 is no member", "gzip;q=2", "identity"),
    weighed("a weight of four decimals is no member", "gzip;q=0.5000", "identity"),
    weighed("a weight that is no number is no member", "gzip;q=high", "identity"),
    weighed("a malformed member leaves the others", "gzip;q=1.5, br", "br"),
    weighed(
      "a hundred members",
      (0..<100).map { "x\($0);q=0.\($0 % 10)" }.joined(separator: ", ") + ", gzip",
      "gzip"
    ),
  ]

  private static func refusal(_ name: String, _ value: String) -> Row {
    Row(
      "a weight of 0 refuses gzip: \(name)",
      .rfc9110("12.4.2", "a weight of 0 means not acceptable"),
      .must,
      get("only-gzip.js", "Accept-Encoding: \(value)").gives(
        .either([.whole("only-gzip.js"), .status(406, 415)])
      )
    )
  }

  private static func preferred(_ value: String, _ coding: String) -> Row {
    Row(
      "\(value) prefers \(coding)",
      .rfc9110("12.5.3", "the coding with the highest weight is preferred"),
      .should,
      get("text.txt", "Accept-Encoding: \(value)").gives(.whole("text.txt", in: coding))
    )
  }

  private static func weighed(_ name: String, _ value: String, _ coding: String) -> Row {
    Row(
      "weights: \(name)",
      .rfc9110("12.4.2", "weight = OWS ; OWS q= qvalue"),
      .promise,
      get("text.txt", "Accept-Encoding: \(value)").gives(.whole("text.txt", in: coding))
    )
  }
}
