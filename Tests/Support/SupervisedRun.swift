import Foundation

/// A running `staticd run`, whose output and errors go to files that a test may read.
public final class SupervisedRun {
  private let process = Process()
  private let scratch = TemporaryDirectory()

  /// Starts `staticd run` with `options` on a free port; `command` is the app.
  ///
  /// - Parameter prefix: a program, found in PATH, that starts `staticd` itself.
  public init(
    _ options: [String],
    _ command: [String],
    environment: [String: String] = [:],
    prefix: [String] = []
  ) {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      prefix + [Command.staticd, "run", "--listen", "127.0.0.1:0", "--access-log", "off"] + options
      + ["--"] + command
    process.environment = Command.inherited
      .merging(["PYTHONUNBUFFERED": "1", "TMPDIR": scratch.path]) { $1 }
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: scratch.write("", to: "output"))
    process.standardError = FileHandle(forWritingAtPath: scratch.write("", to: "errors"))
    try! process.start()
  }

  /// Standard output so far, including the app's.
  public var output: String { scratch.text("output") ?? "" }

  /// Standard error so far.
  public var errors: String { scratch.text("errors") ?? "" }

  /// The names in the directory for temporary files, without the files of this object.
  public var temporaryNames: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: scratch.path)) ?? []
    return names.filter { $0 != "output" && $0 != "errors" }
  }

  /// The path of a name in the directory for temporary files.
  public func temporaryPath(_ name: String) -> String { scratch.path(name) }

  /// The process number.
  public var pid: Int32 { process.processIdentifier }

  /// Whether it runs.
  public var isRunning: Bool { process.isRunning }

  /// The port of 127.0.0.1, once it is printed.
  public var port: UInt16? {
    let parts = (errors + output).components(separatedBy: "http://127.0.0.1:").dropFirst()
    guard let rest = parts.first, rest.contains(where: { !$0.isNumber }) else { return nil }
    return UInt16(rest.prefix { $0.isNumber })
  }

  /// Waits until the output or the errors contain `text`; returns whether they do.
  public func prints(_ text: String) -> Bool {
    Self.eventually { self.output.contains(text) || self.errors.contains(text) }
  }

  /// Sends a signal.
  public func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits for the end; returns the exit status, or the negative number of a signal, or nil if it
  /// still runs.
  public func wait() -> Int32? {
    guard Self.eventually({ !self.process.isRunning }) else { return nil }
    let status = process.terminationStatus
    return process.terminationReason == .exit ? status : -status
  }

  /// The same as the function of that name.
  public static func eventually(_ condition: () -> Bool) -> Bool {
    TestSupport.eventually(condition)
  }

  /// The processes that `pid` has started, and theirs.
  private static func descendants(of pid: Int32) -> [Int32] {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
    let children = tasks.flatMap { task in
      (try? String(contentsOfFile: "/proc/\(pid)/task/\(task)/children", encoding: .utf8))?
        .split(separator: " ").compactMap { Int32($0) } ?? []
    }
    return children + children.flatMap(descendants)
  }

  /// Ends the app, too: one that lives on keeps the pipe of the test process open, and the whole run
  /// of the tests waits for it.
  ///
  /// The app of a `staticd` that has already ended is not found.
  deinit {
    guard process.isRunning else { return }
    let apps = Self.descendants(of: pid)
    kill(pid, SIGKILL)
    process.waitUntilExit()
    for app in apps { kill(app, SIGKILL) }
  }
}
