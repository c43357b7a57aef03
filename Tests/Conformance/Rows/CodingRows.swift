/// RFC 9110 §12.5.3: which coding is chosen.
extension Row {
  static let codingChoiceRows: [Row] = [
    chosen("no Accept-Encoding", nil, ["identity"], "any coding is acceptable without the field"),
    Row(
      "an empty Accept-Encoding wants no coding",
      .rfc9110("12.5.3", "an empty value means no coding is wanted"),
      .should,
      get("text.txt", "Accept-Encoding:").gives(.whole("text.txt"))
    ),
    chosen("gzip", "gzip", ["gzip"], "gzip is acceptable"),
    chosen("br", "br", ["br"], "br is acceptable"),
    chosen("gzip, br", "gzip, br", ["br"], "equal weights leave the choice, here the smallest"),
    chosen("deflate, gzip, br, zstd", "gzip, deflate, br, zstd", ["br"], "others are not stored"),
    chosen("*", "*", ["br"], "* matches every coding, here the smallest"),
    chosen("*;q=0.5", "*;q=0.5", ["br"], "* matches every coding at its weight"),
    chosen("*, br;q=0", "*, br;q=0", ["gzip"], "* matches codings not listed"),
    chosen("*;q=0, gzip", "*;q=0, gzip", ["gzip"], "* matches codings not listed"),
    chosen("br;q=0, gzip", "br;q=0, gzip", ["gzip"], "weight 0 is not acceptable"),
    chosen("GZIP", "GZIP", ["gzip"], "codings are case-insensitive"),
    chosen("deflate", "deflate", ["identity"], "identity is acceptable unless refused"),
    chosen("a token that contains gzip", "gzipped, xbr", ["identity"], "a coding is a whole token"),
    acceptable("identity", "identity", "identity"),
    acceptable("deflate and nothing stored", "deflate, compress", "identity"),
    acceptable("gzip without br", "gzip", "gzip", "identity"),
    acceptable("br without gzip", "br", "br", "identity"),
    Row(
      "x-gzip is gzip",
      .rfc9110("8.4.1.3", "x-gzip SHOULD be taken as gzip"),
      .should,
      get("text.txt", "Accept-Encoding: x-gzip").gives(.whole("text.txt", in: "gzip"))
    ),
    Row(
      "x-gzip is answered as gzip",
      .rfc9110("8.4.1.3", "x-gzip is equivalent to gzip"),
      .must,
      get("text.txt", "Accept-Encoding: x-gzip").gives(
        .whole("text.txt", in: "gzip", "identity")
      )
    ),
    Row(
      "of equal weights the smaller file is sent, be it gzip",
      .rfc9110("12.5.3", "equal weights leave the choice to the server"),
      .promise,
      get("smaller-gzip.css", "Accept-Encoding: br, gzip").gives(
        .whole("smaller-gzip.css", in: "gzip")
      )
    ),
    Row(
      "a coding that is not stored is not promised",
      .rfc9110("12.5.3", "a server sends what it has"),
      .must,
      get("only-gzip.js", "Accept-Encoding: br").gives(.whole("only-gzip.js"))
    ),
    Row(
      "the only stored coding is sent",
      .rfc9110("12.5.3", "a server sends what it has"),
      .promise,
      get("only-gzip.js", "Accept-Encoding: br, gzip").gives(.whole("only-gzip.js", in: "gzip"))
    ),
    Row(
      "nothing acceptable is 406 or a representation",
      .rfc9110("12.5.3", "SHOULD send without coding when none is acceptable"),
      .should,
      get("plain.txt", "Accept-Encoding: identity;q=0").gives(
        .either([.status(406, 415), .whole("plain.txt")])
      )
    ),
    Row(
      "nothing acceptable gets the file as it is",
      .rfc9110("12.4.1", "MAY disregard the field rather than send 406"),
      .promise,
      get("text.txt", "Accept-Encoding: *;q=0").gives(.whole("text.txt"))
    ),
    Row(
      "identity;q=0 alone gets the file as it is",
      .rfc9110("12.4.1", "MAY disregard the field rather than send 406"),
      .promise,
      get("text.txt", "Accept-Encoding: identity;q=0").gives(.whole("text.txt"))
    ),
  ]

  /// The promise of one coding.
  private static func chosen(
    _ name: String,
    _ value: String?,
    _ codings: [String],
    _ requirement: String
  ) -> Row {
    let request = value.map { get("text.txt", "Accept-Encoding: \($0)") } ?? get("text.txt")
    return Row(
      "Accept-Encoding: \(name) gets \(codings[0])",
      .rfc9110("12.5.3", requirement),
      .promise,
      request.gives(.all([.status(200), .content("text.txt", codings: codings)]))
    )
  }

  private static func acceptable(_ name: String, _ value: String, _ codings: String...) -> Row {
    Row(
      "what Accept-Encoding does not list is not sent: \(name)",
      .rfc9110("12.5.3", "a coding that is not listed is not acceptable, but identity"),
      .must,
      get("text.txt", "Accept-Encoding: \(value)").gives(
        .all([.status(200), .content("text.txt", codings: codings)])
      )
    )
  }
}
