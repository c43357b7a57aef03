internal import CLinux
internal import Glibc
internal import StaticAssets

/// The label of the release in a collected root, and when it was published.
struct ReleaseLabel {
  let name: String
  /// Seconds since 1970.
  let published: Double

  /// The label in the first of `roots` that has a manifest; nil without one.
  ///
  /// Without `staticd.json` it is the `hash` in Django's manifest.
  static func of(_ roots: [String]) -> ReleaseLabel? {
    for root in roots {
      for manifest in ["staticd.json", "staticfiles.json"] {
        let path = "\(root)/\(manifest)"
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { continue }
        let seconds = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
        return ReleaseLabel(name: label(in: path) ?? "", published: seconds)
      }
    }
    return nil
  }

  /// The first of `releases`, or `hash`, in the manifest at `path`; nil if it has neither.
  private static func label(in path: String) -> String? {
    guard let file = try? Descriptor.open(BytePath(path), flags: FileFlags.read),
      let bytes = try? file.readAll(path: BytePath(path))
    else { return nil }
    var reader = JSONReader(bytes)
    var label: [UInt8]?
    try? reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "releases":
        try reader.array { (reader) throws(JSONReader.Malformed) in
          let name = try reader.string()
          if label == nil { label = name }
        }
      case "hash": label = try reader.string()
      default: try reader.skipValue()
      }
    }
    return label.map { String(decoding: $0, as: UTF8.self) }
  }
}
