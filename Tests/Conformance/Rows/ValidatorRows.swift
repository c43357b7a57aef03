/// RFC 9110 §8.8: Last-Modified and ETag; §6.6.1: Date.
extension Row {
  static let validatorRows: [Row] = [
    Row(
      "a file has an entity tag",
      .rfc9110("8.8.3", "an origin server SHOULD send ETag"),
      .should,
      get("plain.txt").gives(.field("ETag", .present))
    ),
    Row(
      "an entity tag is quoted",
      .rfc9110("8.8.3", "entity-tag = [ W/ ] opaque-tag"),
      .must,
      get("plain.txt", "If-None-Match: {etag}, \"x\"").gives(
        .when(
          [200, 304],
          [
            .either([.field("ETag", .entityTag), .field("ETag", .absent)])
          ]
        )
      )
    ),
    Row(
      "an entity tag is strong",
      .rfc9110("8.8.1", "an origin server may send strong validators"),
      .promise,
      get("plain.txt", "If-Match: {strong}").gives(.status(200))
    ),
    Row(
      "a strong entity tag stays as long as the content",
      .rfc9110("8.8.1", "a strong validator changes only with the content"),
      .must,
      get("plain.txt").gives(.status(200)),
      get("plain.txt").gives(.same(["ETag"], asIn: 0))
    ),
    Row(
      "brotli and identity have different strong entity tags",
      .rfc9110("8.8.3.3", "coded representations MUST have tags of their own"),
      .must,
      needs: ["strong-text", "strong-br"],
      get("text.txt", "Accept-Encoding: br").gives(
        .field("ETag", .differs("{strong-text}"))
      )
    ),
    Row(
      "gzip and identity have different strong entity tags",
      .rfc9110("8.8.3.3", "coded representations MUST have tags of their own"),
      .must,
      needs: ["strong-text", "strong-gzip"],
      get("text.txt", "Accept-Encoding: gzip").gives(
        .field("ETag", .differs("{strong-text}"))
      )
    ),
    Row(
      "gzip and brotli have different strong entity tags",
      .rfc9110("8.8.3.3", "coded representations MUST have tags of their own"),
      .must,
      needs: ["strong-br", "strong-gzip"],
      get("text.txt", "Accept-Encoding: br").gives(
        .field("ETag", .differs("{strong-gzip}"))
      )
    ),
    Row(
      "the tag of a coding is that of identity and the coding's name",
      .rfc9110("8.8.3.3", "a tag may tell the coding"),
      .promise,
      needs: ["strong-text"],
      get("text.txt", "Accept-Encoding: gzip").gives(
        .field("ETag", .codedTag("{strong-text}", "gzip"))
      )
    ),
    Row(
      "a file has a modification date",
      .rfc9110("8.8.2.1", "an origin server SHOULD send Last-Modified"),
      .should,
      get("plain.txt").gives(.field("Last-Modified", .present))
    ),
    Row(
      "Last-Modified is an IMF-fixdate",
      .rfc9110("5.6.7", "a sender MUST generate dates as IMF-fixdate"),
      .must,
      needs: ["modified"],
      get("plain.txt").gives(.field("Last-Modified", .httpDate))
    ),
    Row(
      "Last-Modified is not after Date",
      .rfc9110("8.8.2.1", "MUST NOT generate a Last-Modified later than Date"),
      .must,
      needs: ["modified"],
      get("plain.txt").gives(.field("Last-Modified", .notAfter("Date")))
    ),
    Row(
      "Last-Modified is the time of the file",
      .rfc9110("8.8.2.1", "as near as possible to the time of the change"),
      .promise,
      get("plain.txt").gives(
        .field("Last-Modified", .equals("Thu, 29 Feb 2024 12:34:56 GMT"))
      )
    ),
    Row(
      "a 200 has Date",
      .rfc9110("6.6.1", "a server with a clock MUST generate Date in 2xx"),
      .must,
      get("plain.txt").gives(.field("Date", .httpDate))
    ),
    Row(
      "a 304 has Date",
      .rfc9110("6.6.1", "a server with a clock MUST generate Date in 3xx"),
      .must,
      get("plain.txt", "If-None-Match: {etag}").gives(.field("Date", .httpDate))
    ),
    Row(
      "a 404 has Date",
      .rfc9110("6.6.1", "a server with a clock MUST generate Date in 4xx"),
      .must,
      get("none").gives(.field("Date", .httpDate))
    ),
    Row(
      "a 400 has Date",
      .rfc9110("6.6.1", "a server with a clock MUST generate Date in 4xx"),
      .must,
      raw("GET / HTTP/1.1\r\n\r\n").gives(.status(400), .field("Date", .httpDate))
    ),
  ]
}
