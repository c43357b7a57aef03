internal import Glibc
internal import StaticAssets

/// Decides whether everything in a root may be deleted, as `collect --clear` does.
///
/// No other code decides this.
struct ClearGuard {
  /// Something that must not be deleted.
  struct Kept {
    /// Its description, such as `the source`.
    let what: String
    /// Its path as it was given.
    let path: BytePath
    /// The names on the path, each with the links above it resolved.
    ///
    /// A link in the root that leads out of it would be deleted too.
    let places: [BytePath]
    /// Whether it may be the root itself, of which the release keeps what it needs.
    var mayBeRoot = false
  }

  /// The root with links resolved.
  let root: BytePath
  /// What must not be deleted, in the order in which it is reported.
  var kept: [Kept] = []
  /// Repositories and projects in the root.
  var finds: [ClearedTree.Find] = []
  /// The known home directories.
  var homes: [BytePath] = []
  /// The mount points of file systems.
  var mountPoints: [BytePath] = []

  /// What the root holds that must not be deleted; nil if it may be cleared.
  ///
  /// A root that is a mount point itself may be cleared: it is often a volume of a container.
  var reason: String? {
    if let held = kept.first(where: isHeld) { return "it holds \(held.what) '\(held.path)'" }
    if let find = finds.first { return "it holds a \(find.kind.rawValue), '\(find.path)'" }
    if let home = homes.first(where: { $0.isInside(root) }) {
      return "it holds the home directory '\(home)'"
    }
    if let point = mountPoints.first(where: { $0 != root && $0.isInside(root) }) {
      return "a file system is mounted in it, at '\(point)'"
    }
    return root.bytes == [UInt8(ascii: "/")] ? "it is the root of the file system" : nil
  }

  private func isHeld(_ kept: Kept) -> Bool {
    kept.places.contains { $0.isInside(root) && !(kept.mayBeRoot && $0 == root) }
  }
}

extension ClearGuard {
  /// The guard for the root of these options in the current system; what cannot be read is left
  /// out.
  init(_ options: CollectOptions) {
    root = options.root.resolvedAsFarAsItExists
    kept = options.keptByClearing
    finds = ClearedTree.finds(in: root)
    homes = Self.homes.compactMap(\.resolved)
    mountPoints = Self.mountPoints
  }

  /// The value of HOME, and the home directory of the user. getpwuid(3)
  private static var homes: [BytePath] {
    var homes: [BytePath] = []
    if let home = Environment.path("HOME") { homes.append(home) }
    if let entry = unsafe getpwuid(getuid()), let directory = unsafe entry.pointee.pw_dir {
      homes.append(BytePath(unsafe String(cString: directory)))
    }
    return homes.filter { !$0.isEmpty && $0 != "/" && $0 != "/nonexistent" }
  }

  /// Source: proc_pid_mountinfo(5), the fifth field, with white space as octal escapes.
  private static var mountPoints: [BytePath] {
    guard let bytes = try? LoadedFile.read("/proc/self/mountinfo") else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let fields = line.split(separator: UInt8(ascii: " "))
      return fields.count > 4 ? BytePath(unescape(fields[4])) : nil
    }
  }

  /// Replaces each `\ooo` by its byte.
  static func unescape(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }
}

extension CollectOptions {
  /// What clearing the root must not delete: sources, earlier releases, the introspected project,
  /// and the working directory.
  fileprivate var keptByClearing: [ClearGuard.Kept] {
    var kept: [ClearGuard.Kept] = []
    for case .directory(let directory) in sources {
      kept.append(ClearGuard.Kept("the source", directory.path))
    }
    for case let store as DirectoryStore in earlierReleases.map(\.store) {
      kept.append(ClearGuard.Kept("the earlier release", store.directory, mayBeRoot: true))
    }
    kept += keptFiles.map { ClearGuard.Kept($0.what, $0.path) }
    return kept + [
      ClearGuard.Kept("the working directory", BytePath(".").resolved ?? BytePath("."))
    ]
  }
}

extension ClearGuard.Kept {
  fileprivate init(_ what: String, _ path: BytePath, mayBeRoot: Bool = false) {
    self.init(what: what, path: path, places: path.places(), mayBeRoot: mayBeRoot)
  }
}
