import Foundation

extension Process {
  /// Starts the process, and closes the files it was given: the child has its own.
  ///
  /// Foundation keeps them open as long as the object lives.
  public func start() throws {
    try runBesideFewDescriptors()
    let own = [FileHandle.nullDevice, .standardOutput, .standardError]
    var closed: [FileHandle] = []
    for case let handle as FileHandle in [standardOutput, standardError]
    where !(own + closed).contains(where: { $0 === handle }) {
      try? handle.close()
      closed.append(handle)
    }
  }

  /// Starts the process when so few descriptors are open that Foundation can do it.
  ///
  /// Foundation lists all descriptors at each start and cannot handle more than about 1,300: it
  /// reads beyond the buffer of the listing, which crashes this process.
  private func runBesideFewDescriptors() throws {
    if !eventually({ Self.openDescriptorCount < 900 }) {
      print("tests hold \(Self.openDescriptorCount) descriptors")
    }
    try run()
  }

  private static var openDescriptorCount: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 0
  }

  /// Starts the process and returns the first line that it prints, which must exist; the rest is
  /// not read.
  func startReadingLine() -> String {
    let output = Pipe()
    standardOutput = output
    try! runBesideFewDescriptors()
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let byte = output.fileHandleForReading.readData(ofLength: 1)
      precondition(!byte.isEmpty, "it ended before it had printed a line")
      line += byte
    }
    // Limits the number of open descriptors: see `start`.
    try? output.fileHandleForReading.close()
    return String(decoding: line.dropLast(), as: UTF8.self)
  }
}
