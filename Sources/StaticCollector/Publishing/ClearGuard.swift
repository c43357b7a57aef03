internal import Glibc
internal import StaticAssets

/// Whether everything in a root may be deleted, as `collect --clear` does; this is the only place that
/// decides it.
struct ClearGuard {
  /// The root, with links resolved.
  let root: BytePath
  /// The sources, with links resolved.
  var sources: [BytePath] = []
  /// The home directories that are known.
  var homes: [BytePath] = []
  /// Where file systems are mounted.
  var mountPoints: [BytePath] = []
  /// The entries of the root.
  var entries: [BytePath] = []

  /// What version control systems call their directory.
  private static let repositories = [".git", ".hg", ".svn", ".bzr", "_darcs", ".jj", "CVS"]

  /// What the root holds that must not be deleted; nil if it may be cleared.
  ///
  /// A root that is a mount point itself may be cleared: it is often a volume of a container.
  var reason: String? {
    if let source = sources.first(where: { $0 == root || $0.isInside(root) }) {
      return "it holds the source '\(source)'"
    }
    if let name = Self.repositories.first(where: { entries.contains(BytePath($0)) }) {
      return "it holds a repository, '\(name)'"
    }
    if let home = homes.first(where: { $0 == root || $0.isInside(root) }) {
      return "it holds the home directory '\(home)'"
    }
    if let point = mountPoints.first(where: { $0 != root && $0.isInside(root) }) {
      return "a file system is mounted in it, at '\(point)'"
    }
    return root.bytes == [UInt8(ascii: "/")] ? "it is the root of the file system" : nil
  }
}

extension ClearGuard {
  /// The guard for `root` as the system is now; what cannot be read is left out.
  ///
  /// - Parameter sources: the sources, with links resolved.
  init(root: BytePath, sources: [BytePath]) {
    self.root = root
    self.sources = sources
    homes = Self.homes.compactMap { BytePath($0).resolved }
    mountPoints = Self.mountPoints
    entries = Self.repositories.map { BytePath($0) }.filter {
      (try? FileStatus.of(root.appending($0))) != nil
    }
  }

  /// The value of HOME, and the home directory of the user. getpwuid(3)
  private static var homes: [String] {
    var homes: [String] = []
    if let home = Environment.value("HOME") { homes.append(home) }
    if let entry = unsafe getpwuid(getuid()), let directory = unsafe entry.pointee.pw_dir {
      homes.append(unsafe String(cString: directory))
    }
    return homes.filter { !$0.isEmpty && $0 != "/" && $0 != "/nonexistent" }
  }

  /// Source: proc_pid_mountinfo(5), the fifth field, in which octal escapes stand for white space.
  private static var mountPoints: [BytePath] {
    guard let bytes = try? LoadedFile.read("/proc/self/mountinfo") else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let fields = line.split(separator: UInt8(ascii: " "))
      return fields.count > 4 ? BytePath(unescape(fields[4])) : nil
    }
  }

  /// Replaces `\ooo` by the byte that it stands for.
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
