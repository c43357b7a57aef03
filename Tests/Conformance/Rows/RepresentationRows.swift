/// RFC 9110 §8.3 to §8.6: type, coding, language and length of content.
extension Row {
  static let representationRows: [Row] = [
    Row(
      "a text file has a media type",
      .rfc9110("8.3", "a sender of content SHOULD generate Content-Type"),
      .should,
      get("text.txt").gives(.field("Content-Type", .mediaType("text/plain")))
    ),
    mediaType("app.css", "text/css"),
    mediaType("only-gzip.js", "text/javascript"),
    mediaType("index.html", "text/html"),
    mediaType("nested/deep/er/file.json", "application/json"),
    mediaType("no-extension", "application/octet-stream"),
    Row(
      "text is labelled UTF-8",
      .rfc9110("8.3.2", "charset tells the encoding of text"),
      .promise,
      get("plain.txt").gives(.field("Content-Type", .equals("text/plain; charset=\"utf-8\"")))
    ),
    Row(
      "a coded file keeps the media type of its content",
      .rfc9110("8.4", "the media type is that of the representation before coding"),
      .must,
      get("text.txt", "Accept-Encoding: identity").gives(.status(200)),
      get("text.txt", "Accept-Encoding: br, gzip").gives(.same(["Content-Type"], asIn: 0))
    ),
    Row(
      "the content is in the coding that Content-Encoding names",
      .rfc9110("8.4", "a sender that coded MUST generate Content-Encoding"),
      .must,
      get("text.txt", "Accept-Encoding: br, gzip").gives(
        .whole("text.txt", in: "br", "gzip", "identity")
      )
    ),
    Row(
      "content that is not coded has no Content-Encoding",
      .rfc9110("8.4.1", "identity SHOULD NOT be included in Content-Encoding"),
      .should,
      get("plain.txt", "Accept-Encoding: br, gzip").gives(.field("Content-Encoding", .absent))
    ),
    length("empty.txt"),
    length("one.bin"),
    length("large.bin"),
    length("huge.bin"),
    Row(
      "the length of a coded file is that of its coded bytes",
      .rfc9110("8.6", "Content-Length is the length of the content"),
      .must,
      get("smaller-gzip.css", "Accept-Encoding: gzip").gives(
        .whole("smaller-gzip.css", in: "gzip", "identity")
      )
    ),
    Row(
      "a response of known length has Content-Length",
      .rfc9110("8.6", "an origin server SHOULD generate Content-Length if it knows it"),
      .should,
      get("plain.txt").gives(.field("Content-Length", .equals("1000")))
    ),
    Row(
      "HEAD has the length of GET or none",
      .rfc9110("8.6", "Content-Length of HEAD MUST be that of GET"),
      .must,
      head("plain.txt").gives(
        .either([
          .field("Content-Length", .equals("1000")), .field("Content-Length", .absent),
        ])
      )
    ),
    Row(
      "a 304 has the length of the 200 or none",
      .rfc9110("8.6", "Content-Length of 304 MUST be that of 200"),
      .must,
      get("plain.txt", "If-None-Match: {etag}").gives(
        .either([
          .field("Content-Length", .equals("1000")), .field("Content-Length", .absent),
        ])
      )
    ),
    Row(
      "a stored coding is no resource of its own",
      .rfc9110("8.4", "a coding is a property of a representation"),
      .promise,
      get("text.txt.br").gives(.status(404))
    ),
  ]

  private static func mediaType(_ file: String, _ type: String) -> Row {
    Row(
      "\(file) is \(type)",
      .rfc9110("8.3.1", "the media type is the registered one"),
      .promise,
      get(file).gives(.status(200), .field("Content-Type", .mediaType(type)))
    )
  }

  private static func length(_ file: String) -> Row {
    Row(
      "\(file) arrives whole",
      .rfc9110("8.6", "a sender MUST NOT send a Content-Length known to be incorrect"),
      .must,
      get(file).gives(.whole(file))
    )
  }
}
