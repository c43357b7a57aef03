/// A file of a table without stored codings, whose codings may be made later.
package struct UncodedFile: Hashable, Sendable {
  /// The content, as far as stat(2) shows.
  package struct Version: Hashable, Sendable {
    let byteCount: Int64
    let modified: Int64
    let changed: Int64
    let identity: FileIdentity

    package init(_ status: FileStatus) {
      byteCount = status.byteCount
      modified = status.modifiedNanoseconds
      changed = status.changedNanoseconds
      identity = status.identity
    }

    init(_ version: FileVersion) {
      byteCount = version.byteCount
      modified = version.modifiedTotal
      changed = version.changedTotal
      identity = version.fileIdentity
    }

    /// Bytes of the content.
    package var size: Int64 { byteCount }
  }

  /// The path of the file, including that of its directory.
  package let path: BytePath
  package let version: Version
}

/// Codings of files that have no stored coding, compressed while the server runs.
///
/// They belong to one version of a file: a changed file gets none of them.
package struct AddedCodings: Sendable {
  /// A coding and the coded content.
  package struct Coding: Sendable {
    package let coding: ContentCoding
    package let bytes: [UInt8]

    package init(_ coding: ContentCoding, _ bytes: [UInt8]) {
      self.coding = coding
      self.bytes = bytes
    }
  }

  private var codings: [UncodedFile.Version: [Coding]] = [:]

  package init() {}

  /// The bytes of all codings.
  package var byteCount: Int {
    codings.values.reduce(0) { $0 + $1.reduce(0) { $0 + $1.bytes.count } }
  }

  /// The files that have codings.
  package var fileCount: Int { codings.values.count { !$0.isEmpty } }

  /// The codings of a version, smallest first; nil when it has not been compressed yet.
  package subscript(version: UncodedFile.Version) -> [Coding]? {
    get { codings[version] }
    set { codings[version] = newValue?.sorted { $0.bytes.count < $1.bytes.count } }
  }

  /// Removes the codings of all other files.
  package mutating func keep(_ files: [UncodedFile]) {
    let versions = Set(files.map(\.version))
    codings = codings.filter { versions.contains($0.key) }
  }
}

extension MediaType {
  /// Whether content of `type`, a value of `Content-Type`, is text or as compressible as text.
  package static func isCompressible(_ type: [UInt8]) -> Bool {
    let text = String(decoding: type, as: UTF8.self).lowercased()
    let essence = String(text.prefix { $0 != ";" && $0 != " " })
    return essence.hasPrefix("text/") || essence.hasSuffix("+xml") || essence.hasSuffix("+json")
      || compressible.contains(essence)
  }

  private static let compressible: Set<String> = [
    "application/ecmascript", "application/javascript", "application/json", "application/jsonl",
    "application/postscript", "application/rtf", "application/toml",
    "application/vnd.apple.mpegurl", "application/vnd.ms-fontobject", "application/wasm",
    "application/xml", "application/yaml", "font/collection", "font/otf", "font/ttf", "image/bmp",
    "image/x-icon", "model/obj",
  ]
}
