import Conformance
import Foundation

/// Runs the conformance table against a running server; called by `scripts/internal/conformance`.
@main
enum ConformanceTool {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      switch arguments.count {
      case 2 where arguments[0] == "--write-tree":
        try FixtureTree.write(to: arguments[1])
      case 1: try run(arguments[0], prefix: "/static/")
      case 3 where arguments[1] == "--prefix": try run(arguments[0], prefix: arguments[2])
      case 3 where arguments[1] == "--framework":
        guard let framework = Framework.named(arguments[2]) else {
          let names = Framework.all.map(\.name).joined(separator: ", ")
          fail("no framework '\(arguments[2])'; there are: \(names)", status: 2)
        }
        try run(arguments[0], prefix: "/static/", framework: framework)
      default:
        fail(
          """
          usage: scripts/internal/conformance HOST:PORT [--prefix /static/ | --framework NAME]
                 scripts/internal/conformance --write-tree DIR | nginx
          """,
          status: 2
        )
      }
    } catch {
      fail("\(error)", status: 3)
    }
  }

  private static func run(
    _ address: String,
    prefix: String,
    framework: Framework? = nil
  ) throws {
    let parts = address.split(separator: ":")
    guard parts.count == 2, let port = UInt16(parts[1]) else {
      fail("'\(address)' is not HOST:PORT", status: 2)
    }
    guard prefix.hasPrefix("/"), prefix.hasSuffix("/") else {
      fail("'\(prefix)' does not begin and end with a slash", status: 2)
    }
    let endpoint = Endpoint(host: String(parts[0]), port: port, prefix: prefix)
    let score = Score(try Runner(endpoint), framework: framework)
    print(score.report)
    exit(score.isConformant ? 0 : 1)
  }

  private static func fail(_ text: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
    exit(status)
  }
}
