import Benchmark
@_spi(Measuring) import StaticCollector

func addScannerBenchmarks() {
  let rule = ".icon-%-large { background: url(\"../img/icon-%.png\") no-repeat; color: #ff8800 }\n"
  let statement = "function f%(a,b){return a.map(x=>x*%).filter(Boolean)||b[\"key%\"]/*c%*/}\n"
  let inputs = [
    ("style sheet of 1 MB", repeated(rule), false, "a.css"),
    ("script of 1 MB", repeated(statement), false, "a.js"),
    ("module of 1 MB", repeated("import {a%} from \"./m%.js\";\n" + statement), true, "a.js"),
  ]
  for (name, text, modules, file) in inputs {
    Benchmark(
      "reference scanner, \(name)",
      configuration: .init(scalingFactor: .one, maxDuration: .seconds(2), maxIterations: 100)
    ) { benchmark in
      for _ in benchmark.scaledIterations {
        blackHole(ReferenceScan.count(in: text, fileNamed: file, rewritesModules: modules))
      }
    }
  }
}

/// A megabyte of `line`, in which each `%` is the number of the line.
private func repeated(_ line: String) -> [UInt8] {
  var result: [UInt8] = []
  var number = 0
  while result.count < 1_000_000 {
    result += Array(line.replacing("%", with: String(number)).utf8)
    number += 1
  }
  return result
}
