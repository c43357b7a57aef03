internal import Glibc
internal import StaticAssets
internal import StaticCollector

/// A collected root near the `manage.py` in the working directory, and the project's settings for
/// serving it, recorded when it was collected.
struct RecordedSite {
  /// The root, relative to the working directory.
  let root: BytePath
  let record: ServingRecord

  /// The options that the project's settings stand for.
  var options: [ServingOption] {
    [ServingOption(option: "root", setting: "STATIC_ROOT", path: root)]
      + record.options
  }

  /// The only root with a record, if the record is current; nil otherwise.
  static func find() -> RecordedSite? {
    let sites = roots.compactMap { root in
      ServingRecord.read(in: root).map { RecordedSite(root: root, record: $0) }
    }
    guard sites.count == 1, sites[0].record.isCurrent(in: ".") else { return nil }
    return sites[0]
  }

  /// The directories with a `staticd.json`, at most two levels below the working directory.
  private static var roots: [BytePath] {
    guard let descriptor = try? Descriptor.open(".", flags: O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    else { return [] }
    var roots: [BytePath] = []
    try? DirectoryWalk.run(descriptor, root: ".") { candidate in
      guard candidate.isDirectory else { return candidate.name == "staticd.json" }
      let depth = candidate.path.bytes.count { $0 == UInt8(ascii: "/") }
      return depth < 2 && candidate.name.bytes.first != UInt8(ascii: ".")
        && candidate.name != "node_modules"
    } visit: { item in
      if case .file(let path, _) = item { roots.append(path.parent) }
    }
    return roots
  }
}
