import { CST, Lexer } from 'yaml';
import { clusterError } from '../errors.ts';
import { atLine, reasons, unreadable } from './unreadable.ts';

const mostTokens = 40_000;
const deepestFlow = 24;
const mostOnOneLine = 8;

/**
 * Looks through the text before a tree is made of it: the tree of `[[[[…` takes seconds and the whole stack. The
 * lexer gives one token after the other, so a hostile text costs no more than its beginning.
 */
export function scanTokens(text: string): void {
  let line = 1;
  let tokens = 0;
  let flow = 0;
  let nestedOnLine = 0;
  for (const token of new Lexer().lex(text)) {
    if (++tokens > mostTokens) throw unreadable(atLine(line), reasons.tooMany);
    switch (CST.tokenType(token)) {
      case 'anchor':
      case 'alias':
        throw clusterError('KUBECONFIG_ALIAS', { at: atLine(line) });
      case 'tag':
        throw clusterError('KUBECONFIG_TAG', { at: atLine(line) });
      case 'directive-line':
        throw unreadable(atLine(line), reasons.directive);
      case 'flow-map-start':
      case 'flow-seq-start':
        flow++;
        break;
      case 'flow-map-end':
      case 'flow-seq-end':
        flow--;
        break;
      case 'seq-item-ind':
      case 'explicit-key-ind':
        nestedOnLine++;
        break;
      default:
        if (token.includes('\n')) nestedOnLine = 0;
        line += token.split('\n').length - 1;
    }
    if (flow > deepestFlow || nestedOnLine > mostOnOneLine) throw unreadable(atLine(line), reasons.tooDeep);
  }
}
