import ArgumentParser
import CropEngine
import Glibc

/// The command: understands its arguments, does what they say, and says how it ended.
@main
struct Xregioncap: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xregioncap",
    abstract: "Capture an X11 screen, a window, or one part of a window that it follows.",
    version: Version.text,
    subcommands: [
      CaptureCommand.self, RunCommand.self, ShotCommand.self, ListCommand.self, DoctorCommand.self,
      MintCommand.self, PublishCommand.self, ControlCommand.self,
      ReportCommand.self,
    ],
    defaultSubcommand: CaptureCommand.self)

  static func main() {
    StandardDescriptors.fill()
    do {
      var command = try MeantCommand.parse(Arguments.given())
      try command.run()
    } catch let error as CaptureError {
      Report.error(error)
      Glibc.exit(error.name.rawValue)
    } catch let exit as CommandExit {
      Glibc.exit(exit.code)
    } catch  where exitCode(for: error).isSuccess {
      Report.write(fullMessage(for: error) + "\n", to: STDOUT_FILENO)
    } catch {
      Report.line(MeantCommand.reason(error))
      Glibc.exit(CaptureError.Name.type.rawValue)
    }
  }
}
