import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Scanner;
import javax.smartcardio.Card;
import javax.smartcardio.CommandAPDU;
import javax.smartcardio.TerminalFactory;

/** Sends the command APDUs of its standard input, a line of hex each, to the card in the first reader, and prints what Java gets for them. */
public class Transmit {
  public static void main(String[] arguments) throws Exception {
    HexFormat hex = HexFormat.of().withUpperCase();
    Card card = TerminalFactory.getDefault().terminals().list().get(0).connect("*");
    System.out.println(card.getProtocol() + " " + hex.formatHex(card.getATR().getBytes()));
    for (Scanner lines = new Scanner(System.in, StandardCharsets.US_ASCII); lines.hasNextLine();) {
      CommandAPDU command = new CommandAPDU(hex.parseHex(lines.nextLine().strip()));
      System.out.println(hex.formatHex(card.getBasicChannel().transmit(command).getBytes()));
    }
    card.disconnect(true);
  }
}
