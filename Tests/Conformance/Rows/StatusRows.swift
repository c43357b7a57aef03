/// RFC 9110 §15: the status codes of a file server.
extension Row {
  static let statusRows: [Row] = [
    Row(
      "a name that does not exist is 404",
      .rfc9110("15.5.5", "no current representation was found"),
      .must,
      get("none").gives(.status(404))
    ),
    Row(
      "a 404 explains itself",
      .rfc9110("15.5", "SHOULD send an explanation, but to HEAD"),
      .should,
      get("none").gives(.status(404), .explained)
    ),
    Row(
      "a 405 explains itself",
      .rfc9110("15.5", "SHOULD send an explanation, but to HEAD"),
      .should,
      request("DELETE", "plain.txt").gives(.status(405), .explained)
    ),
    Row(
      "a 400 explains itself",
      .rfc9110("15.5", "SHOULD send an explanation, but to HEAD"),
      .should,
      raw("GET / HTTP/1.1\r\n\r\n").gives(.status(400), .explained)
    ),
    Row(
      "a 404 is not stored",
      .rfc9110("15.5.5", "a 404 is heuristically cacheable unless it says otherwise"),
      .promise,
      get("none").gives(.status(404), .field("Cache-Control", .equals("no-store")))
    ),
    Row(
      "the connection goes on after 404",
      .rfc9112("9.3", "SHOULD support persistent connections"),
      .promise,
      get("none").gives(.status(404)),
      ending: .open
    ),
    Row(
      "a 304 has no content",
      .rfc9110("15.4.5", "a 304 cannot contain content"),
      .must,
      get("plain.txt", "If-None-Match: {etag}").gives(.status(304)),
      get("one.bin").gives(.whole("one.bin")),
      sending: .pipelined
    ),
    sameAs304("plain.txt", "identity", "{etag}"),
    sameAs304("text.txt", "br", "{etag-br}"),
    sameAs304("text.txt", "gzip", "{etag-gzip}"),
    Row(
      "a 304 by date has the fields too",
      .rfc9110("15.4.5", "MUST generate Cache-Control, ETag, Expires, Vary as in the 200"),
      .must,
      get("plain.txt").gives(.status(200)),
      get("plain.txt", "If-Modified-Since: {modified}").gives(
        .when([304], [.same(["Cache-Control", "ETag", "Expires", "Vary"], asIn: 0)])
      )
    ),
    Row(
      "a 304 does not describe content",
      .rfc9110("15.4.5", "SHOULD NOT generate other representation metadata"),
      .should,
      get("text.txt", "Accept-Encoding: br", "If-None-Match: {etag-br}").gives(
        .status(304),
        .field("Content-Type", .absent),
        .field("Content-Encoding", .absent)
      )
    ),
    Row(
      "the connection goes on after 304",
      .rfc9112("9.3", "SHOULD support persistent connections"),
      .promise,
      get("plain.txt", "If-None-Match: {etag}").gives(.status(304)),
      ending: .open
    ),
    Row(
      "a version that is not supported is 505",
      .rfc9110("15.6.6", "the server refuses the major version"),
      .promise,
      request(line: "GET {prefix}plain.txt HTTP/2.0").gives(.status(505)),
      ending: .closed
    ),
    Row(
      "a target that is too long is 414",
      .rfc9110("15.5.15", "the target is longer than the server interprets"),
      .promise,
      get(String(repeating: "a", count: 8193)).gives(.status(414)),
      ending: .closed
    ),
    Row(
      "a target of 8192 bytes is none too long",
      .rfc9112("3", "RECOMMENDED to support request lines of 8000 octets"),
      .promise,
      request(line: "GET /\(String(repeating: "a", count: 8191)) HTTP/1.1").gives(.status(404))
    ),
    Row(
      "fields that are too large together are 431",
      .rfc9110("5.4", "MUST respond with a 4xx to fields larger than it wishes"),
      .promise,
      get("plain.txt", "A: \(String(repeating: "a", count: 17000))").gives(.status(431)),
      ending: .closed
    ),
    Row(
      "fields of 64 KiB are a client error or fine",
      .rfc9110("5.4", "MUST respond with a 4xx to fields larger than it wishes"),
      .must,
      get("plain.txt", "A: \(String(repeating: "a", count: 65536))").gives(
        .statuses([200] + Array(400..<500))
      )
    ),
    Row(
      "a hundred fields are fine",
      .rfc9110("5.4", "no limit is set on fields"),
      .promise,
      get(lines: String(repeating: "A: b\r\n", count: 99)).gives(.whole("plain.txt"))
    ),
    Row(
      "a hundred and one fields are 431",
      .rfc9110("5.4", "MUST respond with a 4xx to fields larger than it wishes"),
      .promise,
      get(lines: String(repeating: "A: b\r\n", count: 100)).gives(.status(431)),
      ending: .closed
    ),
  ]

  private static func sameAs304(_ file: String, _ coding: String, _ tag: String) -> Row {
    let names = ["Content-Location", "ETag", "Vary", "Cache-Control", "Expires"]
    return Row(
      "a 304 of \(file) in \(coding) has the fields of the 200",
      .rfc9110("15.4.5", "MUST generate Cache-Control, ETag, Expires, Vary as in the 200"),
      .must,
      get(file, "Accept-Encoding: \(coding)").gives(.status(200)),
      get(file, "Accept-Encoding: \(coding)", "If-None-Match: \(tag)").gives(
        .status(304),
        .same(names, asIn: 0)
      )
    )
  }
}
