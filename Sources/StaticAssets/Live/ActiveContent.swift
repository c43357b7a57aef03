/// The harm that an uploaded file can do in a browser with the site's origin.
///
/// A page that opens an upload of another user runs with the site's cookies. `nosniff` keeps
/// browsers from guessing a type; the rest depends on the type that is sent.
///
/// Source: WHATWG MIME Sniffing §4.6 (XML, HTML and JavaScript types), Fetch §3.6 (nosniff), CSP
/// Level 3 §6.3 (sandbox), RFC 6266 (attachment).
enum ActiveContent: Equatable, Sendable {
  /// Images, audio, video, fonts, text, JSON, PDF, archives: displayed or stored, never executed.
  case none
  /// SVG: sandboxed without scripts, so that it is displayed in `<img>` and as a document.
  case drawing
  /// HTML, XML in all its forms, Flash, MHTML and unknown types: an attachment, never displayed.
  case document
  /// JavaScript: an attachment of the type `text/plain`, because `<script>` executes an attachment
  /// too.
  case script

  /// Classifies content by `type`, the value of `Content-Type`.
  init(_ type: [UInt8]) {
    let text = String(decoding: type, as: UTF8.self).lowercased()
    let essence = text.prefix { $0 != ";" && $0 != " " && $0 != "\t" }
    if essence == "image/svg+xml" {
      self = .drawing
    } else if Self.scripts.contains(String(essence)) {
      self = .script
    } else if essence.hasSuffix("+xml") || essence.hasPrefix("multipart/")
      || Self.documents.contains(String(essence)) || !essence.contains("/")
    {
      self = .document
    } else {
      self = .none
    }
  }

  /// The response fields that prevent execution.
  var fields: [(name: String, value: String)] {
    switch self {
    case .none: []
    case .drawing:
      [("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")]
    case .document, .script: [("Content-Disposition", "attachment")]
    }
  }

  /// The value of `Content-Type` to send instead; nil keeps the original.
  var replacingType: [UInt8]? {
    self == .script ? Array("text/plain; charset=\"utf-8\"".utf8) : nil
  }

  private static let scripts: Set<String> = [
    "application/ecmascript", "application/javascript", "application/x-ecmascript",
    "application/x-javascript", "text/ecmascript", "text/javascript", "text/javascript1.0",
    "text/javascript1.1", "text/javascript1.2", "text/javascript1.3", "text/javascript1.4",
    "text/javascript1.5", "text/jscript", "text/livescript", "text/x-ecmascript",
    "text/x-javascript",
  ]

  private static let documents: Set<String> = [
    "application/octet-stream", "application/vnd.wap.wmlc", "application/x-shockwave-flash",
    "application/xml", "application/xml-dtd", "application/xml-external-parsed-entity",
    "message/rfc822", "text/cache-manifest", "text/html", "text/vnd.wap.wml", "text/x-component",
    "text/x-cross-domain-policy", "text/x-server-parsed-html", "text/xml",
    "text/xml-external-parsed-entity", "text/xsl", "unknown/unknown",
  ]
}
