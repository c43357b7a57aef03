import Foundation

/// A program that runs beside a test and prints the port of 127.0.0.1 on which it listens.
public final class RunningProgram {
  /// The first port that it printed as `http://127.0.0.1:PORT`.
  public let port: UInt16

  private let process = Process()

  /// The process number.
  public var pid: Int32 { process.processIdentifier }

  /// Starts a program, found in PATH unless it is a path, and waits until it prints its port.
  public init(_ command: [String], directory: String, environment: [String: String] = [:]) {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.environment = Command.inherited.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try! process.start()
    var text = ""
    var digits: Substring = ""
    while digits.isEmpty {
      let data = output.fileHandleForReading.availableData
      precondition(!data.isEmpty, "\(command[0]) ended: \(text)")
      text += String(decoding: data, as: UTF8.self)
      // Only a port followed by another character is complete.
      let parts = text.components(separatedBy: "http://127.0.0.1:").dropFirst()
      guard let rest = parts.first, rest.contains(where: { !$0.isNumber }) else { continue }
      digits = rest.prefix { $0.isNumber }
    }
    port = UInt16(digits)!
  }

  deinit {
    // Dispatch's threads block the other signals, and child processes inherit that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
