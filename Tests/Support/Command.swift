import Foundation

/// The outcome of a program.
public struct CommandResult: Sendable {
  public let status: Int32
  public let output: String
  public let errors: String

  /// The lines on standard error.
  public var errorLines: [String] {
    errors.split(separator: "\n").map(String.init)
  }

  /// The lines on standard error without the message about waiting on a slow machine.
  public var problemLines: [String] {
    errorLines.filter { !$0.contains("waiting for the Django project") }
  }

  /// The lines on standard error that report problems, without a server's messages about its work.
  public var diagnostics: [String] { errorLines.filter { $0.hasPrefix("staticd: ") } }
}

/// Runs programs, mainly `staticd`.
public enum Command {
  /// The `staticd` built with these tests, or the one in `TESTED_STATICD`.
  public static let staticd: String = {
    if let named = ProcessInfo.processInfo.environment["TESTED_STATICD"] { return named }
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appendingPathComponent("staticd").path
  }()

  /// A private cache: the tests neither fill nor use the user's.
  private static let cache = TemporaryDirectory()

  /// Where `scripts/test` puts external files: `STATICD_FIXTURES`, or `.build/fixtures`.
  public static var fixtures: String? {
    if let named = ProcessInfo.processInfo.environment["STATICD_FIXTURES"] { return named }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let usual = package.appendingPathComponent(".build/fixtures").path
    return FileManager.default.fileExists(atPath: usual) ? usual : nil
  }

  /// The path of a file beside the sources of the test support.
  public static func resource(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(name).path
  }

  /// The path of a fixture, which `scripts/test` prepares.
  ///
  /// - Parameter name: a path below the directory of fixtures, or an absolute one.
  /// - Throws: `MissingFixture`, which names the missing file and how to get it.
  public static func fixture(_ name: String) throws -> String {
    let path = name.hasPrefix("/") ? name : "\(fixtures ?? ".build/fixtures")/\(name)"
    guard FileManager.default.fileExists(atPath: path) else { throw MissingFixture(path: path) }
    return path
  }

  /// An external file that the test needs and the machine lacks.
  public struct MissingFixture: Error, CustomStringConvertible {
    public let path: String
    public var description: String { "\(path) is missing; scripts/test brings it" }
  }

  /// The environment of this process without variables that are options of `staticd`.
  public static let inherited = ProcessInfo.processInfo.environment.filter {
    !$0.key.hasPrefix("STATICD_")
  }

  /// Runs `staticd` to its end.
  public static func staticd(
    _ arguments: String...,
    directory: String? = nil,
    environment: [String: String] = [:]
  ) -> CommandResult {
    run([staticd] + arguments, directory: directory, environment: environment)
  }

  /// Runs a program, found in PATH unless it is a path, to its end.
  public static func run(
    _ command: [String],
    directory: String? = nil,
    environment: [String: String] = [:]
  ) -> CommandResult {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    process.environment =
      inherited
      .merging(["XDG_CACHE_HOME": cache.path]) { $1 }
      .merging(environment) { $1 }
    let scratch = TemporaryDirectory()
    // Files, because a pipe that is not read would block a program with much output.
    let output = scratch.write("", to: "output")
    let errors = scratch.write("", to: "errors")
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    process.standardInput = FileHandle.nullDevice
    try! process.start()
    process.waitUntilExit()
    return CommandResult(
      status: process.terminationStatus,
      output: scratch.text("output") ?? "",
      errors: scratch.text("errors") ?? ""
    )
  }
}

/// A running `staticd serve`.
public final class RunningServer {
  /// The TCP port; 0 if it does not listen on one.
  public let port: UInt16
  /// Its messages on standard error before it served.
  public let greeting: String

  private let process: Process
  private let scratch = TemporaryDirectory()

  /// Starts `staticd serve` with `arguments` on a free port and waits until it serves.
  public convenience init(_ arguments: String...) {
    self.init(arguments)
  }

  /// The same, with the arguments as an array.
  public init(_ arguments: [String], environment: [String: String] = [:]) {
    process = Process()
    process.executableURL = URL(fileURLWithPath: Command.staticd)
    process.arguments = ["serve"] + arguments + ["--listen", "127.0.0.1:0"]
    process.environment = Command.inherited.merging(environment) { $1 }
    process.standardOutput = FileHandle(forWritingAtPath: scratch.write("", to: "output"))
    process.standardError = FileHandle(forWritingAtPath: scratch.write("", to: "errors"))
    process.standardInput = FileHandle.nullDevice
    try! process.start()
    let (process, scratch) = (process, scratch)
    func errors() -> String { scratch.text("errors") ?? "" }
    let mark = "at http://127.0.0.1:"
    _ = eventually {
      let parts = errors().components(separatedBy: mark)
      return parts.count > 1 && parts[1].contains("\n") || !process.isRunning
    }
    greeting = errors()
    precondition(process.isRunning, "staticd serve ended: \(greeting)")
    let address = greeting.components(separatedBy: mark)[1]
    port = UInt16(address.prefix { $0.isNumber })!
  }

  /// The process number.
  public var pid: Int32 { process.processIdentifier }

  /// Standard output so far.
  public var output: String { scratch.text("output") ?? "" }

  /// Standard error so far.
  public var errors: String { scratch.text("errors") ?? "" }

  /// Sends a signal.
  public func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits for its end; returns the exit code.
  public func wait() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  deinit {
    if process.isRunning {
      kill(pid, SIGKILL)
      process.waitUntilExit()
    }
  }
}
