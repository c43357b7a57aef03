/// Promises of staticd on names, caching and CORS beyond RFC 9110.
extension Row {
  static let cachingRows: [Row] = [
    caching("app.0123456789ab.css", "max-age=315360000, public, immutable"),
    caching("app.css", "max-age=60, public"),
    Row(
      "an immutable 304 stays immutable",
      .rfc9110("15.4.5", "MUST generate Cache-Control as in the 200"),
      .promise,
      get("app.0123456789ab.css", "If-None-Match: *").gives(
        .status(304),
        .field("Cache-Control", .equals("max-age=315360000, public, immutable"))
      )
    ),
    Row(
      "any origin may read a file",
      .rfc9110("15.3.1", "fields of a 200"),
      .promise,
      get("plain.txt").gives(.status(200), .field("Access-Control-Allow-Origin", .equals("*")))
    ),
    Row(
      "any origin may read a file that has not changed",
      .rfc9110("15.4.5", "fields of a 304"),
      .promise,
      get("plain.txt", "If-None-Match: {etag}").gives(
        .status(304),
        .field("Access-Control-Allow-Origin", .equals("*"))
      )
    ),
    hidden(".hidden"), hidden("staticfiles.json"), hidden("nested"), hidden("nested/deep/"),
    Row(
      ".well-known is shown",
      .rfc9110("4.2.2", "a resource of the origin"),
      .promise,
      get(".well-known/shown.txt").gives(.whole(".well-known/shown.txt"))
    ),
  ]

  private static func caching(_ file: String, _ value: String) -> Row {
    Row(
      "\(file) may be kept as its name allows",
      .rfc9110("15.3.1", "a 200 is cacheable as Cache-Control says"),
      .promise,
      get(file).gives(.whole(file), .field("Cache-Control", .equals(value)))
    )
  }

  private static func hidden(_ name: String) -> Row {
    Row(
      "\(name) is not served",
      .rfc9110("15.5.5", "unwilling to disclose that one exists"),
      .promise,
      get(name).gives(.status(404))
    )
  }
}
