internal import Glibc
internal import StaticAssets

/// The processes of this machine at one moment. proc(5)
struct ProcessTable: Equatable {
  /// One process.
  struct Entry: Equatable, Sendable {
    let number: Int32
    let parent: Int32
    let group: Int32
    /// Its session; 0 if it is not known.
    var session: Int32 = 0
    /// Whether it has ended and waits to be reaped.
    var isZombie = false
  }

  let entries: [Entry]

  init(_ entries: [Entry]) {
    self.entries = entries
  }

  /// The processes that run now.
  static func now() -> ProcessTable {
    ProcessTable(
      names(in: "/proc").filter { Int32($0) != nil }.compactMap { name in
        contents("/proc/\(name)/stat").flatMap { Entry(stat: String(decoding: $0, as: UTF8.self)) }
      }
    )
  }

  /// The process and all its descendants.
  func family(of number: Int32) -> Set<Int32> {
    var found: Set<Int32> = [number]
    var isGrowing = true
    while isGrowing {
      let more = entries.filter { found.contains($0.parent) && !found.contains($0.number) }
      found.formUnion(more.map(\.number))
      isGrowing = !more.isEmpty
    }
    return found
  }

  /// The processes that the app has left behind in sessions of their own, as a daemon does.
  ///
  /// They are children of process `own`, which adopts orphans and starts programs in its own
  /// `session` only.
  func leftBehind(own: Int32, session: Int32) -> [Int32] {
    entries.filter { $0.parent == own && !$0.isZombie && $0.session != session && $0.session != 0 }
      .map(\.number)
  }

  /// The master that the gunicorn `old` has started as its successor (SIGUSR2); nil for none.
  ///
  /// While the old master lives, the new one is its child; later it is a child of this process,
  /// which adopts orphans. `claims` identifies it. The successor in another program is found only
  /// after SIGUSR2, as the candidate with children of its own, or as the only adopted process.
  ///
  /// - Parameters:
  ///   - own: this process.
  ///   - wasUpgraded: whether SIGUSR2 was sent to the app.
  ///   - claims: whether a process identifies itself as the successor of `old`.
  func successor(
    of old: Int32,
    own: Int32,
    wasUpgraded: Bool,
    claims: (Int32) -> Bool
  ) -> Int32? {
    let alive = entries.filter { !$0.isZombie && $0.number != old }
    let adopted = alive.filter { $0.parent == own }
    let candidates = alive.filter { $0.parent == old } + adopted
    if let named = candidates.first(where: { claims($0.number) }) {
      return named.number
    }
    guard wasUpgraded else { return nil }
    let masters = candidates.filter { candidate in alive.contains { $0.parent == candidate.number }
    }
    return masters.first?.number ?? (adopted.count == 1 ? adopted[0].number : nil)
  }

  /// Whether process `number` is the master that the gunicorn `old` has started.
  static func claims(_ number: Int32, placeOf old: Int32) -> Bool {
    claims(
      placeOf: old,
      environment: contents("/proc/\(number)/environ") ?? [],
      commandLine: contents("/proc/\(number)/cmdline") ?? []
    )
  }

  /// The same by a process's environment and command line, whose entries end with NUL.
  ///
  /// gunicorn sets GUNICORN_PID to the old master's process ID. The package setproctitle overwrites
  /// the environment, and the command line is then the title.
  static func claims(placeOf old: Int32, environment: [UInt8], commandLine: [UInt8]) -> Bool {
    let variable = Array("GUNICORN_PID=\(old)".utf8)
    return environment.split(separator: 0).contains { $0.elementsEqual(variable) }
      || commandLine.starts(with: "gunicorn: master ".utf8)
  }

  /// The names in a directory of /proc; none if it cannot be read, such as that of another user.
  static func names(in path: String) -> [String] {
    guard let directory = try? Descriptor.open(BytePath(path), flags: O_RDONLY | O_DIRECTORY),
      let entries = try? directory.entries(of: BytePath(path))
    else { return [] }
    return entries.map(\.name.description)
  }

  /// A small file of /proc.
  static func contents(_ path: String) -> [UInt8]? {
    guard let file = try? Descriptor.open(BytePath(path), flags: O_RDONLY) else { return nil }
    return try? file.readAll(path: BytePath(path))
  }
}

extension ProcessTable.Entry {
  /// Reads `/proc/PID/stat`: number, name in parentheses, state, parent, group, session.
  init?(stat text: String) {
    // A name may itself contain parentheses and spaces.
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"),
      let number = Int32(text[..<open].filter { $0 != " " })
    else { return nil }
    let fields = text[text.index(after: close)...].split(separator: " ")
    guard fields.count > 2, let parent = Int32(fields[1]), let group = Int32(fields[2]) else {
      return nil
    }
    let session = fields.count > 3 ? Int32(fields[3]) : nil
    self.init(
      number: number,
      parent: parent,
      group: group,
      session: session ?? 0,
      isZombie: fields[0] == "Z"
    )
  }
}
