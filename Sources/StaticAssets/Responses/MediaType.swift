/// Media types by file name.
///
/// A fixed table, so that every machine sends the same types. It contains the types of WhiteNoise,
/// updated to today's registrations, and further ones.
///
/// Source: https://www.iana.org/assignments/media-types.
package enum MediaType {
  /// The media type of a file whose name has no known extension.
  package static let fallback = "application/octet-stream"

  /// The value of `Content-Type` for the file `name`; text types have a charset.
  ///
  /// - Parameter name: a base name or a path, in UTF-8; case does not matter.
  package static func contentType(ofFileNamed name: some Collection<UInt8>) -> String {
    withCharset(type(ofFileNamed: name))
  }

  /// `type` with `charset="utf-8"` if it is a text type without parameters.
  static func withCharset(_ type: String) -> String {
    let needsCharset = type.lowercased().hasPrefix("text/") && !type.contains(";")
    return needsCharset ? type + "; charset=\"utf-8\"" : type
  }

  /// Whether the whole file name `name`, in lower case, has a type that takes precedence over that
  /// of its extension.
  static func hasType(forWholeName name: String) -> Bool { wholeNames[name] != nil }

  /// Whether `text` is a media type with optional parameters (RFC 9110 §8.3.1).
  package static func isWellFormed(_ text: String) -> Bool {
    let (type, parameters) =
      text.utf8.firstIndex(of: UInt8(ascii: ";")).map {
        (text[..<$0], text[$0...])
      } ?? (text[...], "")
    let parts = type.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(\.isTokenCharacter) }
      && parameters.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
  }

  /// The media type of the file `name`, without parameters.
  ///
  /// - Parameter name: a base name or a path, in UTF-8; case does not matter.
  package static func type(ofFileNamed name: some Collection<UInt8>) -> String {
    let path = Array(name)
    let slash = path.lastIndex(of: UInt8(ascii: "/"))
    let base = path[(slash.map { $0 + 1 } ?? 0)...]
    let lowercased = String(decoding: base, as: UTF8.self).lowercased()
    if let type = wholeNames[lowercased] { return type }
    guard let dot = lowercased.lastIndex(of: ".") else { return fallback }
    return extensions[String(lowercased[lowercased.index(after: dot)...])] ?? fallback
  }

  /// The extensions that have a type, in lower case, and the whole names.
  static var extensionNames: [String] { Array(extensions.keys) + wholeNames.keys }

  private static let wholeNames = [
    "apple-app-site-association": "application/json",
    "crossdomain.xml": "text/x-cross-domain-policy",
  ]

  private static let extensions: [String: String] = {
    var result: [String: String] = [:]
    for (type, names) in table {
      for name in names.split(separator: " ") { result[String(name)] = type }
    }
    return result
  }()

  private static let table: [(type: String, extensions: String)] = [
    ("application/atom+xml", "atom"),
    ("application/dash+xml", "mpd"),
    ("application/epub+zip", "epub"),
    ("application/geo+json", "geojson"),
    ("application/gzip", "gz tgz"),
    ("application/java-archive", "ear jar war"),
    ("application/json", "json map topojson"),
    ("application/jsonl", "jsonl ndjson"),
    ("application/ld+json", "jsonld"),
    ("application/mac-binhex40", "hqx"),
    ("application/manifest+json", "webmanifest"),
    ("application/mathml+xml", "mml"),
    ("application/msword", "doc"),
    ("application/pdf", "pdf"),
    ("application/postscript", "ai eps ps"),
    ("application/rss+xml", "rss"),
    ("application/rtf", "rtf"),
    ("application/toml", "toml"),
    ("application/vnd.android.package-archive", "apk"),
    ("application/vnd.apache.arrow.file", "arrow"),
    ("application/vnd.apache.parquet", "parquet"),
    ("application/vnd.apple.mpegurl", "m3u8"),
    ("application/vnd.debian.binary-package", "deb"),
    ("application/vnd.google-earth.kml+xml", "kml"),
    ("application/vnd.google-earth.kmz", "kmz"),
    ("application/vnd.mapbox-vector-tile", "mvt pbf"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.ms-fontobject", "eot"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/vnd.oasis.opendocument.graphics", "odg"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.pmtiles", "pmtiles"),
    ("application/vnd.rar", "rar"),
    ("application/vnd.wap.wmlc", "wmlc"),
    ("application/wasm", "wasm"),
    ("application/x-7z-compressed", "7z"),
    ("application/x-bzip2", "bz2"),
    ("application/x-cocoa", "cco"),
    ("application/x-java-archive-diff", "jardiff"),
    ("application/x-java-jnlp-file", "jnlp"),
    ("application/x-makeself", "run"),
    ("application/x-perl", "pl pm"),
    ("application/x-pilot", "pdb prc"),
    ("application/x-redhat-package-manager", "rpm"),
    ("application/x-sea", "sea"),
    ("application/x-shockwave-flash", "swf"),
    ("application/x-stuffit", "sit"),
    ("application/x-tar", "tar"),
    ("application/x-tcl", "tcl tk"),
    ("application/x-x509-ca-cert", "crt der pem"),
    ("application/x-xpinstall", "xpi"),
    ("application/x-xz", "xz"),
    ("application/xhtml+xml", "xhtml"),
    ("application/xslt+xml", "xsl xslt"),
    ("application/xspf+xml", "xspf"),
    ("application/yaml", "yaml yml"),
    ("application/zip", "zip"),
    ("application/zstd", "zst"),
    ("audio/aac", "aac"),
    ("audio/aiff", "aif aiff"),
    ("audio/flac", "flac"),
    ("audio/midi", "kar mid midi"),
    ("audio/mp4", "m4a"),
    ("audio/mpeg", "mp3"),
    ("audio/ogg", "oga ogg opus"),
    ("audio/wav", "wav"),
    ("audio/webm", "weba"),
    ("audio/x-realaudio", "ra"),
    ("font/collection", "ttc"),
    ("font/otf", "otf"),
    ("font/ttf", "ttf"),
    ("font/woff", "woff"),
    ("font/woff2", "woff2"),
    ("image/apng", "apng"),
    ("image/avif", "avif"),
    ("image/bmp", "bmp"),
    ("image/gif", "gif"),
    ("image/heic", "heic"),
    ("image/heif", "heif"),
    ("image/jpeg", "jfif jpeg jpg"),
    ("image/jxl", "jxl"),
    ("image/ktx2", "ktx2"),
    ("image/png", "png"),
    ("image/svg+xml", "svg svgz"),
    ("image/tiff", "tif tiff"),
    ("image/vnd.wap.wbmp", "wbmp"),
    ("image/webp", "webp"),
    ("image/x-icon", "cur ico"),
    ("image/x-jng", "jng"),
    ("model/gltf+json", "gltf"),
    ("model/gltf-binary", "glb"),
    ("model/obj", "obj"),
    ("model/stl", "stl"),
    ("model/vnd.usdz+zip", "usdz"),
    ("text/calendar", "ics"),
    ("text/css", "css"),
    ("text/csv", "csv"),
    ("text/html", "htm html shtml"),
    ("text/javascript", "cjs js mjs"),
    ("text/markdown", "md"),
    ("text/plain", "log srt txt"),
    ("text/tab-separated-values", "tsv"),
    ("text/vcard", "vcf"),
    ("text/vnd.sun.j2me.app-descriptor", "jad"),
    ("text/vnd.wap.wml", "wml"),
    ("text/vtt", "vtt"),
    ("text/wgsl", "wgsl"),
    ("text/x-component", "htc"),
    ("text/xml", "xml"),
    ("video/3gpp", "3gp 3gpp"),
    ("video/mp2t", "ts"),
    ("video/mp4", "m4v mp4"),
    ("video/mpeg", "mpeg mpg"),
    ("video/ogg", "ogv"),
    ("video/quicktime", "mov"),
    ("video/webm", "webm"),
    ("video/x-flv", "flv"),
    ("video/x-matroska", "mkv"),
    ("video/x-mng", "mng"),
    ("video/x-ms-asf", "asf asx"),
    ("video/x-ms-wmv", "wmv"),
    ("video/x-msvideo", "avi"),
  ]
}
