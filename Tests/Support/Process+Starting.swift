import Foundation

extension Process {
  /// Starts the process, and closes the files that it was given: they are the child's.
  ///
  /// Foundation keeps them open as long as the object lives, and lists all open descriptors at each
  /// start, for which more than about 1,300 are too many: it reads behind the listing's buffer.
  public func start() throws {
    try run()
    let own = [FileHandle.nullDevice, .standardOutput, .standardError]
    var closed: [FileHandle] = []
    for case let handle as FileHandle in [standardOutput, standardError]
    where !(own + closed).contains(where: { $0 === handle }) {
      try? handle.close()
      closed.append(handle)
    }
  }

  /// Starts the process and returns the first line that it prints, which it must; nothing else is read.
  func startReadingLine() -> String {
    let output = Pipe()
    standardOutput = output
    try! run()
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let byte = output.fileHandleForReading.readData(ofLength: 1)
      precondition(!byte.isEmpty, "it ended before it had printed a line")
      line += byte
    }
    // Open descriptors count: see `start`.
    try? output.fileHandleForReading.close()
    return String(decoding: line.dropLast(), as: UTF8.self)
  }
}
