internal import Glibc
internal import StaticAssets

/// The run that holds the lock of a root, as recorded in the lock file.
struct LockOwner: Equatable, Sendable {
  /// Unique to every run.
  let token: String
  let host: String
  /// The kernel's random identifier of the boot.
  let boot: String
  /// The namespace of the process number.
  let namespace: String
  let process: Int
  /// The start time of the process in clock ticks, because process numbers are reused.
  let start: String

  /// This run.
  static func current() -> LockOwner {
    LockOwner(
      token: String(UInt64.random(in: .min ... .max), radix: 16),
      host: line(of: "/proc/sys/kernel/hostname"),
      boot: line(of: "/proc/sys/kernel/random/boot_id"),
      namespace: BytePath("/proc/self/ns/pid").resolvedLink,
      process: Int(getpid()),
      start: start(of: Int(getpid())) ?? ""
    )
  }

  /// Whether its process is known to have ended: it ran on this machine and in this namespace.
  var hasEnded: Bool {
    let own = Self.current()
    guard !boot.isEmpty, !namespace.isEmpty, boot == own.boot, namespace == own.namespace else {
      return false
    }
    return Self.start(of: process) != start
  }

  /// The owner as shown in messages.
  var name: String { "process \(process) on '\(host)'" }

  /// The lines of a lock file.
  var text: String {
    [token, host, boot, namespace, "\(process)", start].joined(separator: "\n") + "\n"
  }

  /// Reads the lines of a lock file; nil if some are missing.
  init?(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count == 7, let process = Int(lines[4]) else { return nil }
    self.init(
      token: lines[0],
      host: lines[1],
      boot: lines[2],
      namespace: lines[3],
      process: process,
      start: lines[5]
    )
  }

  private init(
    token: String,
    host: String,
    boot: String,
    namespace: String,
    process: Int,
    start: String
  ) {
    self.token = token
    self.host = host
    self.boot = boot
    self.namespace = namespace
    self.process = process
    self.start = start
  }

  /// The 22nd field of a process's status; nil if there is no such process.
  ///
  /// Source: proc_pid_stat(5); the second field, in parentheses, may contain spaces.
  private static func start(of process: Int) -> String? {
    let text = line(of: "/proc/\(process)/stat")
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[end...].split(separator: " ")
    return fields.count > 20 ? String(fields[20]) : nil
  }

  private static func line(of path: String) -> String {
    guard let bytes = try? LoadedFile.read(BytePath(path)) else { return "" }
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}

extension BytePath {
  /// The target of a symbolic link, which need not be a path; empty if this is not a link.
  /// readlink(2)
  fileprivate var resolvedLink: String {
    let capacity = 256
    let bytes = unsafe withCString { name in
      unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        let result = unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
          guard let start = characters.baseAddress else { return 0 }
          return unsafe readlink(name, start, capacity)
        }
        count = max(0, result)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
