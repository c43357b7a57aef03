import Foundation
import Synchronization

/// A directory of a test, removed with its content when it is released, or when the process ends:
/// static properties and threads that do not end never release theirs.
public final class TemporaryDirectory: Sendable {
  /// The absolute path, without symbolic links.
  public let path: String

  /// The paths of the directories that are not released yet.
  private static let existing: Mutex<Set<String>> = {
    atexit { TemporaryDirectory.removeExisting() }
    return Mutex([])
  }()

  public init() {
    let base = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
    let path = "\(base)/staticd-test-\(UUID().uuidString)"
    self.path = path
    TemporaryDirectory.existing.withLock { _ = $0.insert(path) }
    try! FileManager.default.createDirectory(
      atPath: path,
      withIntermediateDirectories: true
    )
  }

  deinit {
    let path = path
    try? FileManager.default.removeItem(atPath: path)
    TemporaryDirectory.existing.withLock { _ = $0.remove(path) }
  }

  private static func removeExisting() {
    let paths = existing.withLock { $0 }
    for path in paths { try? FileManager.default.removeItem(atPath: path) }
  }

  /// The path of `name` inside.
  public func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, with its missing directories; returns its path.
  @discardableResult
  public func write(_ content: some Sequence<UInt8>, to name: String) -> String {
    let file = path(name)
    let parent = String(file[..<file.lastIndex(of: "/")!])
    try! FileManager.default.createDirectory(
      atPath: parent,
      withIntermediateDirectories: true
    )
    let descriptor = open(file, O_WRONLY | O_CLOEXEC | O_CREAT | O_TRUNC, 0o644)
    precondition(descriptor >= 0, "cannot write \(file)")
    defer { close(descriptor) }
    var bytes = Array(content)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      precondition(count > 0)
      bytes = bytes.dropFirst(count)
    }
    return file
  }

  /// Writes a text file.
  @discardableResult
  public func write(_ text: String, to name: String) -> String { write(text.utf8, to: name) }

  /// Moves a file or directory.
  public func rename(_ name: String, to other: String) {
    try! FileManager.default.moveItem(atPath: path(name), toPath: path(other))
  }

  /// Removes a file, or a directory with its content.
  public func remove(_ name: String) {
    try! FileManager.default.removeItem(atPath: path(name))
  }

  /// Makes a symbolic link.
  public func link(_ name: String, to target: String) {
    precondition(symlink(target, path(name)) == 0)
  }

  /// The content of a file; nil if it does not exist.
  public func read(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path(name)).map(Array.init)
  }

  /// The content of a file as text.
  public func text(_ name: String) -> String? {
    read(name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The names of all files, without directories, sorted.
  public func files(below name: String = ".") -> [String] {
    let root = path(name)
    let found = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return found.filter {
      var isDirectory: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(root)/\($0)", isDirectory: &isDirectory)
      return !isDirectory.boolValue
    }.sorted()
  }
}
